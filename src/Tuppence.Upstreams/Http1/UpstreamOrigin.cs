namespace Tuppence.Upstreams.Http1;

/// <summary>One place that requests go to: scheme, host and port (RFC 6454), the path prefix of the base URL, and the proxy on the way.</summary>
/// <remarks>A credential is bound to exactly one origin; connections are pooled by it.</remarks>
public sealed record UpstreamOrigin
{
    /// <summary>True for https.</summary>
    public required bool IsSecure { get; init; }

    /// <summary>Host name or IP literal, without brackets.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port.</summary>
    public required int Port { get; init; }

    /// <summary>Path of the base URL without its last slash: empty, or such as <c>/anthropic</c>.</summary>
    public string PathPrefix { get; init; } = "";

    /// <summary>HTTP proxy through which the origin is reached, or null.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Value of the <c>Host</c> header (RFC 9110 section 7.2): the port only where it is not the scheme's own.</summary>
    public required string Authority { get; init; }

    /// <summary>Makes an origin from an absolute http or https URL that was validated before.</summary>
    public static UpstreamOrigin From(Uri url, Uri? proxy = null) => new()
    {
        IsSecure = string.Equals(url.Scheme, Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase),
        Host = url.DnsSafeHost,
        Port = url.Port,
        PathPrefix = url.AbsolutePath.TrimEnd('/'),
        Proxy = proxy,
        Authority = url.Authority,
    };

    /// <summary>The origin as a URL, with its path prefix.</summary>
    public override string ToString() => $"{(IsSecure ? "https" : "http")}://{Authority}{PathPrefix}";
}
