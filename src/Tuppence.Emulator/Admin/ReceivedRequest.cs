namespace Tuppence.Emulator.Admin;

/// <summary>One request as it came, secrets masked.</summary>
/// <param name="Number">Counts from 1 since the emulator began.</param>
/// <param name="RequestId">The id its answer carried.</param>
/// <param name="ReceivedAt">When.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">Name and value of each header line.</param>
internal sealed record ReceivedRequest(
    long Number, string RequestId, DateTimeOffset ReceivedAt, string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers)
{
    /// <summary>The first bytes of the decoded body; <see cref="RequestLog.KeptBytes"/> at most.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>Length of the whole body.</summary>
    public int BodyLength { get; private set; }

    /// <summary>Status of the answer; <see langword="null"/> while there is none.</summary>
    public int? Status { get; set; }

    /// <summary>The fault that befell it.</summary>
    public string? Fault { get; set; }

    /// <summary>Keeps the body, or the beginning of it.</summary>
    public void Keep(byte[] body) => (Body, BodyLength) = (body.AsMemory(0, Math.Min(body.Length, RequestLog.KeptBytes)), body.Length);
}
