using Tuppence.Upstreams.Credentials;

namespace Tuppence.Configuration;

/// <summary>A person's sign-in at an OAuth 2.0 or OpenID Connect issuer, with a client that the user or the company registered there.</summary>
public sealed record SignInConfig
{
    /// <summary>Issuer identifier: https, or http on loopback. Its metadata is found by RFC 8414 or OpenID Connect Discovery. Null: no sign-in.</summary>
    public string? Issuer { get; init; }

    /// <summary>The registered client. Null: a public client without registration, as the Claude apps gateway protocol has it.</summary>
    public string? ClientId { get; init; }

    /// <summary>Secret of a confidential client, or null.</summary>
    public Secret? ClientSecret { get; init; }

    /// <summary>Environment variable that holds <see cref="ClientSecret"/>.</summary>
    public string? ClientSecretEnv { get; init; }

    /// <summary>Scopes asked for. Empty: <c>openid offline_access</c> where the issuer knows them.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Resource indicator (RFC 8707) of the upstream, or null.</summary>
    public string? Resource { get; init; }

    /// <summary>Further parameters of the authorization request, such as <c>audience</c> or <c>prompt</c>.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Browser or device.</summary>
    public SignInFlow Flow { get; init; } = SignInFlow.Auto;

    /// <summary>Which token is sent upstream.</summary>
    public SignInToken Token { get; init; } = SignInToken.Access;

    /// <summary>Host of the redirect URI: <c>127.0.0.1</c> (RFC 8252 section 8.3), or <c>localhost</c> where the issuer registered that.</summary>
    public string RedirectHost { get; init; } = "127.0.0.1";

    /// <summary>Port of the redirect URI; 0: a free one, which RFC 8252 section 7.3 lets a native client choose.</summary>
    public int RedirectPort { get; init; }

    /// <summary>Path of the redirect URI.</summary>
    public string RedirectPath { get; init; } = "/callback";

    /// <summary>Authorization endpoint of an issuer without metadata, or null.</summary>
    public string? AuthorizationEndpoint { get; init; }

    /// <summary>Token endpoint of an issuer without metadata, or null.</summary>
    public string? TokenEndpoint { get; init; }

    /// <summary>Device authorization endpoint of an issuer without metadata, or null.</summary>
    public string? DeviceAuthorizationEndpoint { get; init; }

    /// <summary>Revocation endpoint of an issuer without metadata, or null.</summary>
    public string? RevocationEndpoint { get; init; }
}
