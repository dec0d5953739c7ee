using Tuppence.Upstreams.Credentials;

namespace Tuppence.Upstreams.OAuth;

/// <summary>What Tuppence is at one issuer, for one upstream: compiled from the configuration.</summary>
public sealed record ClientRegistration
{
    /// <summary>Name of the upstream that the tokens are for.</summary>
    public required string Upstream { get; init; }

    /// <summary>Base URL of that upstream; tokens are bound to it.</summary>
    public required string Origin { get; init; }

    /// <summary>Issuer identifier, as configured; metadata must repeat it exactly.</summary>
    public required string Issuer { get; init; }

    /// <summary>The registered client; null: a public client without registration, which can use the device flow alone.</summary>
    public string? ClientId { get; init; }

    /// <summary>Secret of a confidential client, or null.</summary>
    public Secret? ClientSecret { get; init; }

    /// <summary>Scopes asked for; empty: <c>openid</c> and <c>offline_access</c> where the issuer knows them.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>Resource indicator (RFC 8707), or null.</summary>
    public string? Resource { get; init; }

    /// <summary>Further parameters of the authorization request.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether the ID token is what is sent upstream, so that a sign-in without one is of no use.</summary>
    public bool NeedsIdToken { get; init; }

    /// <summary>Host of the redirect URI: an address of loopback, or <c>localhost</c>.</summary>
    public string RedirectHost { get; init; } = "127.0.0.1";

    /// <summary>Port of the redirect URI, 0 to 65535; 0: a free one (RFC 8252 section 7.3).</summary>
    public int RedirectPort { get; init; }

    /// <summary>Path of the redirect URI, with its slash.</summary>
    public string RedirectPath { get; init; } = "/callback";

    /// <summary>Authorization endpoint of an issuer without metadata.</summary>
    public Uri? AuthorizationEndpoint { get; init; }

    /// <summary>Token endpoint of an issuer without metadata; where it is set, no metadata is asked for.</summary>
    public Uri? TokenEndpoint { get; init; }

    /// <summary>Device authorization endpoint of an issuer without metadata.</summary>
    public Uri? DeviceAuthorizationEndpoint { get; init; }

    /// <summary>Revocation endpoint of an issuer without metadata.</summary>
    public Uri? RevocationEndpoint { get; init; }
}
