using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.TokenDriver;

/// <summary>Grants of the tests.</summary>
public static class Grants
{
    public const string Upstream = "work";
    public const string Origin = "https://llm.example/claude";
    public const string SignInAddress = "http://localhost:42069/auth/login";

    public static SignInTarget Target { get; } = new() { Upstream = Upstream, Origin = Origin, SignInAddress = static () => SignInAddress };

    public static StoredGrant Of(Uri endpoint, string refreshToken, DateTimeOffset issuedAt, TimeSpan? lifetime = null) => new()
    {
        Upstream = Upstream,
        Origin = Origin,
        Account = "ada@example.com",
        Issuer = "https://login.example",
        ClientId = "tuppence",
        TokenEndpoint = endpoint,
        AccessToken = new Secret("at-first"),
        RefreshToken = new Secret(refreshToken),
        IssuedAt = issuedAt,
        Lifetime = lifetime ?? TimeSpan.FromHours(1),
    };
}
