using System.Runtime.InteropServices;

namespace Tuppence.Upstreams.Credentials.Cloud;

/// <summary>What one source of credentials answered: a value for some time, a problem, or, as the default, that it is not set up here.</summary>
/// <param name="Value">The credential, or null.</param>
/// <param name="Expires">When it ends; null: it does not say.</param>
/// <param name="Problem">Why the source, though set up, gave none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Lease<T>(T? Value, DateTimeOffset? Expires, string? Problem)
    where T : class
{
    /// <summary>Whether the source had anything to say.</summary>
    public bool IsAnswer => Value is not null || Problem is not null;

    /// <summary>A problem.</summary>
    internal static Lease<T> Failed(string problem) => new(null, null, problem);
}
