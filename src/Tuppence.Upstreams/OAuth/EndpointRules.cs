using System.Diagnostics.CodeAnalysis;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.OAuth;

/// <summary>Where codes, tokens and people may be sent.</summary>
public static class EndpointRules
{
    /// <summary>Reads an endpoint that <paramref name="issuer"/> named, or says why it is not used.</summary>
    /// <remarks>https (RFC 8414 section 2), or http on loopback where the issuer itself is there; no user name, no fragment (RFC 6749 section 3.1).</remarks>
    public static bool TryRead(string? text, Uri issuer, [NotNullWhen(true)] out Uri? endpoint, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        problem = !Uri.TryCreate(text, UriKind.Absolute, out endpoint) ? "it is not a URL" : Problem(endpoint, issuer);
        return problem is null;
    }

    /// <summary>Why <paramref name="endpoint"/> may not be used by a sign-in at <paramref name="issuer"/>, or null.</summary>
    public static string? Problem(Uri endpoint, Uri issuer)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(issuer);
        var isLocal = endpoint.Scheme == Uri.UriSchemeHttp && AddressRules.IsLoopback(endpoint.Host) && AddressRules.IsLoopback(issuer.Host);
        return AnthropicHosts.Contains(endpoint.IdnHost) ? AnthropicHosts.Problem + " " + AnthropicHosts.Remedy
            : endpoint.Scheme != Uri.UriSchemeHttps && !isLocal ? "it is not https"
            : endpoint.UserInfo.Length > 0 ? "it holds a user name"
            : endpoint.Fragment.Length > 0 ? "it has a fragment"
            : AddressRules.IsForbidden(endpoint.Host) ? "it is a link-local, unspecified or metadata address"
            : null;
    }
}
