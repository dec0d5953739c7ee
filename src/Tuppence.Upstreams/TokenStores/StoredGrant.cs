using Tuppence.Upstreams.Credentials;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>One person's sign-in at one issuer for one upstream, as it is kept between runs.</summary>
public sealed record StoredGrant
{
    /// <summary>Name of the upstream that the tokens are for; a token is never used for another.</summary>
    public required string Upstream { get; init; }

    /// <summary>Base URL of that upstream when the person signed in; where the configuration names another by now, the grant is not used.</summary>
    public required string Origin { get; init; }

    /// <summary>Who signed in, as the issuer names them (<c>email</c>, else <c>sub</c>), for people; empty where it does not say.</summary>
    public string Account { get; init; } = "";

    /// <summary>The issuer.</summary>
    public required string Issuer { get; init; }

    /// <summary>The client that the grant belongs to, or null for a client without registration.</summary>
    public string? ClientId { get; init; }

    /// <summary>Whether the client's secret goes into the body of requests, since the issuer takes no Basic authentication.</summary>
    public bool SecretInBody { get; init; }

    /// <summary>Token endpoint, pinned when the person signed in.</summary>
    public required Uri TokenEndpoint { get; init; }

    /// <summary>Revocation endpoint (RFC 7009), pinned likewise; null where the issuer has none.</summary>
    public Uri? RevocationEndpoint { get; init; }

    /// <summary>The access token.</summary>
    public required Secret AccessToken { get; init; }

    /// <summary>The refresh token, or null.</summary>
    public Secret? RefreshToken { get; init; }

    /// <summary>The ID token, or null.</summary>
    public Secret? IdToken { get; init; }

    /// <summary>Granted scope, or null where it is what was asked for.</summary>
    public string? Scope { get; init; }

    /// <summary>When the tokens were issued, by this machine's clock.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>How long the access token is valid from then on; null where the issuer did not say.</summary>
    public TimeSpan? Lifetime { get; init; }

    /// <summary>Counts the refreshes; a save with an old number is refused.</summary>
    public long Generation { get; init; }
}
