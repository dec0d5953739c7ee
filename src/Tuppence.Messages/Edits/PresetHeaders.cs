namespace Tuppence.Messages.Edits;

/// <summary>Which headers a preset may give.</summary>
internal static class PresetHeaders
{
    // Framing and connection (RFC 9110 section 7.6.1), addressing, and credentials, which belong to the upstream's configuration.
    private static readonly HashSet<string> Forbidden = new(StringComparer.OrdinalIgnoreCase)
    {
        "authorization", "connection", "content-encoding", "content-length", "content-type", "cookie", "expect", "host", "keep-alive",
        "origin", "proxy-authorization", "proxy-connection", "referer", "te", "trailer", "transfer-encoding", "upgrade", "x-api-key",
    };

    public static string? Fault(string name) =>
        name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))
            ? "is not a header name"
            : Forbidden.Contains(name) ? "may not be set by a preset; credentials and framing belong to the upstream" : null;

    public static bool IsValue(string value) => value.Length > 0 && value.Trim().Length == value.Length && value.All(static c => c is >= ' ' and <= '~');

    public static HeaderEdit Edit(string name, string value)
    {
        var lower = name.ToLowerInvariant();
        return new HeaderEdit(lower, value, lower == "anthropic-beta" ? HeaderEditKind.Append : HeaderEditKind.Default);
    }
}
