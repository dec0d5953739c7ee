namespace Tuppence.Upstreams.OAuth;

/// <summary>What an issuer publishes about itself, as far as a sign-in needs it (RFC 8414 section 2, OpenID Connect Discovery 1.0 section 3).</summary>
public sealed record IssuerMetadata
{
    /// <summary>The issuer, identical to the configured one.</summary>
    public required string Issuer { get; init; }

    /// <summary>Where people sign in; null where the issuer offers no browser flow.</summary>
    public Uri? AuthorizationEndpoint { get; init; }

    /// <summary>Where codes become tokens.</summary>
    public required Uri TokenEndpoint { get; init; }

    /// <summary>Where device codes come from (RFC 8628 section 4), or null.</summary>
    public Uri? DeviceAuthorizationEndpoint { get; init; }

    /// <summary>Where tokens are given back (RFC 7009), or null.</summary>
    public Uri? RevocationEndpoint { get; init; }

    /// <summary>True where every answer must carry <c>iss</c> (RFC 9207 section 3).</summary>
    public bool AnnouncesIssuer { get; init; }

    /// <summary>Scopes that the issuer lists; empty where it lists none.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>True where a confidential client must send its secret in the body, since Basic authentication is not offered.</summary>
    public bool WantsSecretInBody { get; init; }

    /// <summary>Hosts of endpoints that are not the issuer's own; a person should see them once.</summary>
    public IReadOnlyList<string> ForeignHosts =>
    [
        .. ((Uri?[])[AuthorizationEndpoint, TokenEndpoint, DeviceAuthorizationEndpoint, RevocationEndpoint])
            .Where(endpoint => endpoint is not null && endpoint.Authority != new Uri(Issuer).Authority)
            .Select(static endpoint => endpoint!.Authority)
            .Distinct(StringComparer.Ordinal),
    ];
}
