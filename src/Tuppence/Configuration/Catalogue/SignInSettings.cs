using Tuppence.Configuration.Rules;

namespace Tuppence.Configuration.Catalogue;

/// <summary>The options of an upstream under <c>sign_in</c> and <c>federation</c>.</summary>
internal static class SignInSettings
{
    /// <summary>All of them, in the order of the manual.</summary>
    public static IReadOnlyList<Setting<UpstreamConfig>> All { get; } =
    [
        Url("sign_in.issuer", "Issuer where people sign in; its endpoints are discovered.", "https://login.example", c => c.Issuer, (c, v) => c with { Issuer = v }),
        Text("sign_in.client_id", "The client that you or your company registered there. Left out: a public client without registration.", "tuppence", c => c.ClientId, (c, v) => c with { ClientId = v }),
        SignIn("sign_in.client_secret", new SecretFormat(), c => c.ClientSecret, (c, v) => c with { ClientSecret = v },
            "Secret of a confidential client. Prefer client_secret_env.", "\"your-secret\""),
        SignIn("sign_in.client_secret_env", new TextFormat("the name of an environment variable that is set", NameRules.Variable), c => c.ClientSecretEnv, (c, v) => c with { ClientSecretEnv = v },
            "Environment variable that holds the client's secret.", "\"LLM_CLIENT_SECRET\""),
        SignIn("sign_in.scopes", new ListFormat<string>(new TextFormat("a scope", NameRules.NotEmpty), "scopes", ' '), c => c.Scopes, (c, v) => c with { Scopes = v },
            "Scopes asked for. Left out: openid and offline_access, where the issuer knows them.", "[\"openid\", \"offline_access\"]"),
        Text("sign_in.resource", "Resource indicator of the upstream, where the issuer wants one.", "https://llm.example", c => c.Resource, (c, v) => c with { Resource = v }),
        SignIn("sign_in.parameters", new MapFormat("an object of parameter names, each with its value", StringComparer.Ordinal, IssuerRules.Parameter), c => c.Parameters, (c, v) => c with { Parameters = v },
            "Further parameters of the authorization request.", "{ \"audience\": \"https://llm.example\" }"),
        SignIn("sign_in.flow", new ChoiceFormat<SignInFlow>(("auto", SignInFlow.Auto), ("browser", SignInFlow.Browser), ("device", SignInFlow.Device)), c => c.Flow, (c, v) => c with { Flow = v },
            "How people sign in: in the browser, or with a code on another device; auto takes the browser where there is one.", null),
        SignIn("sign_in.token", new ChoiceFormat<SignInToken>(("access", SignInToken.Access), ("id", SignInToken.Id)), c => c.Token, (c, v) => c with { Token = v },
            "Which token is sent upstream.", null),
        SignIn("sign_in.redirect_host", new ChoiceFormat<string>(("127.0.0.1", "127.0.0.1"), ("[::1]", "[::1]"), ("localhost", "localhost")), c => c.RedirectHost, (c, v) => c with { RedirectHost = v },
            "Host of the redirect URI; localhost only where the issuer has registered that.", null),
        SignIn("sign_in.redirect_port", new IntegerFormat(0, 65535), c => c.RedirectPort, (c, v) => c with { RedirectPort = v },
            "Port of the redirect URI; 0 takes a free one.", null),
        SignIn("sign_in.redirect_path", new TextFormat("a path that begins with /", NameRules.Path), c => c.RedirectPath, (c, v) => c with { RedirectPath = v! },
            "Path of the redirect URI.", null),
        Url("sign_in.authorization_endpoint", "Authorization endpoint, where the issuer publishes no metadata.", "https://login.example/authorize", c => c.AuthorizationEndpoint, (c, v) => c with { AuthorizationEndpoint = v }),
        Url("sign_in.token_endpoint", "Token endpoint, where the issuer publishes no metadata.", "https://login.example/token", c => c.TokenEndpoint, (c, v) => c with { TokenEndpoint = v }),
        Url("sign_in.device_authorization_endpoint", "Device authorization endpoint, where the issuer publishes no metadata.", "https://login.example/device", c => c.DeviceAuthorizationEndpoint, (c, v) => c with { DeviceAuthorizationEndpoint = v }),
        Url("sign_in.revocation_endpoint", "Revocation endpoint, where the issuer publishes no metadata.", "https://login.example/revoke", c => c.RevocationEndpoint, (c, v) => c with { RevocationEndpoint = v }),
        Federation("federation.rule_id", "Federation rule by which a JWT is exchanged for an Anthropic token.", "fdrl_01", c => c.RuleId, (c, v) => c with { RuleId = v }),
        Federation("federation.organization_id", "Organization of the federation rule.", "org_01", c => c.OrganizationId, (c, v) => c with { OrganizationId = v }),
        Federation("federation.service_account_id", "Service account that is acted for.", "svac_01", c => c.ServiceAccountId, (c, v) => c with { ServiceAccountId = v }),
        Federation("federation.workspace_id", "Workspace of the token, where the rule leaves it open.", "wrkspc_01", c => c.WorkspaceId, (c, v) => c with { WorkspaceId = v }),
        Federation("federation.token_file", "File that holds the JWT. Left out: the ID token of the sign-in.", "/var/run/secrets/token", c => c.TokenFile, (c, v) => c with { TokenFile = v }),
    ];

    private static Setting<UpstreamConfig, T> SignIn<T>(
        string key, ValueFormat<T> format, Func<SignInConfig, T> get, Func<SignInConfig, T, SignInConfig> set, string summary, string? example) =>
        new(key, format, c => get(c.SignIn), (c, v) => c with { SignIn = set(c.SignIn, v) }) { Summary = summary, Example = example };

    private static Setting<UpstreamConfig, string?> Url(string key, string summary, string example, Func<SignInConfig, string?> get, Func<SignInConfig, string?, SignInConfig> set) =>
        SignIn(key, new TextFormat(IssuerRules.Accepted, IssuerRules.Endpoint), get, set, summary, $"\"{example}\"");

    private static Setting<UpstreamConfig, string?> Text(string key, string summary, string example, Func<SignInConfig, string?> get, Func<SignInConfig, string?, SignInConfig> set) =>
        SignIn(key, new TextFormat("text", NameRules.NotEmpty), get, set, summary, $"\"{example}\"");

    private static Setting<UpstreamConfig, string?> Federation(
        string key, string summary, string example, Func<FederationConfig, string?> get, Func<FederationConfig, string?, FederationConfig> set) =>
        new(key, new TextFormat("text", NameRules.NotEmpty), c => get(c.Federation), (c, v) => c with { Federation = set(c.Federation, v) }) { Summary = summary, Example = $"\"{example}\"" };
}
