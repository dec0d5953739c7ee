namespace Tuppence.Upstreams.Credentials;

/// <summary>What a signature covers.</summary>
/// <param name="method">Method token.</param>
/// <param name="target">Path and query as they stand on the wire.</param>
/// <param name="authority">Value of <c>Host</c>.</param>
/// <param name="body">The body where it is at hand.</param>
/// <param name="isBodyAtHand">False where the body streams past and cannot be known beforehand.</param>
public readonly ref struct SignedRequest(string method, string target, string authority, ReadOnlySpan<byte> body, bool isBodyAtHand)
{
    /// <summary>Method token.</summary>
    public string Method { get; } = method;

    /// <summary>Path and query as they stand on the wire.</summary>
    public string Target { get; } = target;

    /// <summary>Value of <c>Host</c>.</summary>
    public string Authority { get; } = authority;

    /// <summary>The body where it is at hand; empty where there is none.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>False where the body streams past.</summary>
    public bool IsBodyAtHand { get; } = isBodyAtHand;
}
