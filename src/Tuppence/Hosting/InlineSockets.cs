namespace Tuppence.Hosting;

/// <summary>
/// Has what a socket wakes run at once, without a hop to another thread: nothing on the way of a request blocks. Gains a quarter of
/// the latency of a small request (bench/RESULTS.md).
/// </summary>
internal static class InlineSockets
{
    // The runtime knows this switch as an environment variable alone, and reads it when the first socket opens.
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Call before the first socket opens.</summary>
    public static void Choose() => Environment.SetEnvironmentVariable(Variable, "1");

    /// <summary>Call once a socket is open, so that programs started later do not inherit our choice.</summary>
    public static void Forget() => Environment.SetEnvironmentVariable(Variable, null);
}
