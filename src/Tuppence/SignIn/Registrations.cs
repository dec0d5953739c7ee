using Tuppence.Configuration;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.SignIn;

/// <summary>Compiles what the configuration says of an upstream's sign-in and federation.</summary>
internal static class Registrations
{
    /// <summary>Who Tuppence is at the issuer of an upstream; null where none is configured.</summary>
    public static ClientRegistration? Of(string name, UpstreamConfig entry)
    {
        static Uri? Endpoint(string? text) => text is null ? null : new Uri(text);
        var signIn = entry.SignIn;
        return signIn.Issuer is null ? null : new ClientRegistration
        {
            Upstream = name,
            Origin = OriginOf(name, entry),
            Issuer = signIn.Issuer,
            ClientId = signIn.ClientId,
            ClientSecret = signIn.ClientSecret,
            Scopes = signIn.Scopes,
            Resource = signIn.Resource,
            Parameters = signIn.Parameters,
            NeedsIdToken = signIn.Token == SignInToken.Id || (entry.Federation is { RuleId: not null, TokenFile: null }),
            RedirectHost = signIn.RedirectHost,
            RedirectPort = signIn.RedirectPort,
            RedirectPath = signIn.RedirectPath,
            AuthorizationEndpoint = Endpoint(signIn.AuthorizationEndpoint),
            TokenEndpoint = Endpoint(signIn.TokenEndpoint),
            DeviceAuthorizationEndpoint = Endpoint(signIn.DeviceAuthorizationEndpoint),
            RevocationEndpoint = Endpoint(signIn.RevocationEndpoint),
        };
    }

    /// <summary>The federation rule of an upstream; null where none is configured.</summary>
    public static FederationRule? RuleOf(UpstreamConfig entry) => entry.Federation is { RuleId: { } rule, OrganizationId: { } organization } federation
        ? new FederationRule(rule, organization, federation.ServiceAccountId, federation.WorkspaceId)
        : null;

    /// <summary>Base URL that an upstream's tokens are bound to.</summary>
    public static string OriginOf(string name, UpstreamConfig entry) => entry.Url ?? (name == "anthropic" ? UpstreamConfig.AnthropicUrl : entry.Provider.ToString());

    /// <summary>Names of the upstreams where people sign in, in order.</summary>
    public static IReadOnlyList<string> Names(GatewayConfig config) =>
        [.. config.Upstreams.Where(static pair => pair.Value.SignIn.Issuer is not null).Select(static pair => pair.Key).Order(StringComparer.Ordinal)];

    /// <summary>True where the upstream's requests depend on a person's sign-in: one is configured, and no key takes its place.</summary>
    public static bool DependsOnSignIn(UpstreamConfig entry) =>
        entry.SignIn.Issuer is not null && entry.ApiKey is null && entry.ApiKeyFile is null && entry.ApiKeyCommand.Count == 0 && entry.Federation.TokenFile is null;
}
