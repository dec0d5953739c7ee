using Tuppence.Configuration.Rules;
using Tuppence.Messages.Edits;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Configuration.Catalogue;

/// <summary>The options inside an upstream; their keys follow <c>upstreams.NAME.</c></summary>
internal static class UpstreamSettings
{
    /// <summary>All of them, in the order of the manual.</summary>
    public static IReadOnlyList<Setting<UpstreamConfig>> All { get; } =
    [
        new Setting<UpstreamConfig, string?>("url", new TextFormat(UrlRules.UpstreamAccepted, UrlRules.Upstream), c => c.Url, (c, v) => c with { Url = v })
        {
            Summary = "Base URL; a path prefix is kept. The built-in upstreams (anthropic, emulator) and those with a provider of their own do without.",
            Example = "\"https://llm.example/anthropic\"",
        },
        new Setting<UpstreamConfig, Secret?>("api_key", new SecretFormat(), c => c.ApiKey, (c, v) => c with { ApiKey = v })
        {
            Summary = "The key itself. Prefer one of the three that follow; only one of the four may be given.",
            Example = "\"your-key\"",
        },
        new Setting<UpstreamConfig, string?>("api_key_env", new TextFormat("the name of an environment variable that is set", NameRules.Variable), c => c.ApiKeyEnv, (c, v) => c with { ApiKeyEnv = v })
        {
            Summary = "Environment variable that holds the key.",
            Example = "\"ANTHROPIC_API_KEY\"",
        },
        new Setting<UpstreamConfig, string?>("api_key_file", new TextFormat("a file that can be read", NameRules.NotEmpty), c => c.ApiKeyFile, (c, v) => c with { ApiKeyFile = v })
        {
            Summary = "File whose content, without white space around it, is the key; relative to the configuration file.",
            Example = "\"secrets/anthropic.key\"",
        },
        new Setting<UpstreamConfig, IReadOnlyList<string>>("api_key_command", new ListFormat<string>(new TextFormat("a program or an argument", NameRules.NotEmpty), "a program and its arguments", ' '), c => c.ApiKeyCommand, (c, v) => c with { ApiKeyCommand = v })
        {
            Summary = "Program and arguments whose output is the key, a JSON Web Token, or JSON with access_token and its expiry. No shell is involved.",
            Example = "[\"pass\", \"show\", \"anthropic\"]",
        },
        new Setting<UpstreamConfig, AuthScheme>("auth", new ChoiceFormat<AuthScheme>(("x-api-key", AuthScheme.XApiKey), ("bearer", AuthScheme.Bearer), ("api-key", AuthScheme.ApiKey)), c => c.Auth, (c, v) => c with { Auth = v })
        {
            Summary = "Header in which the key is sent. Left out: x-api-key, for AWS's providers bearer.",
        },
        .. ProviderSettings.All,
        .. SignInSettings.All,
        new Setting<UpstreamConfig, IReadOnlyDictionary<string, string>>("headers", new MapFormat("an object of header names, each with its value", StringComparer.OrdinalIgnoreCase, NameRules.Header) { Masked = true }, c => c.Headers, (c, v) => c with { Headers = v })
        {
            Summary = "Headers added to each request where the client sent none of that name.",
            Example = "{ \"x-team\": \"library\" }",
        },
        new Setting<UpstreamConfig, IReadOnlyList<string>>("drop_betas", new ListFormat<string>(new TextFormat("a value of anthropic-beta", NameRules.NotEmpty), "values of anthropic-beta; a trailing * matches any rest"), c => c.DropBetas, (c, v) => c with { DropBetas = v })
        {
            Summary = "Values taken out of the anthropic-beta header.",
            Example = "[\"context-1m-*\"]",
        },
        new Setting<UpstreamConfig, bool>("strip_cache_ttl", new BooleanFormat(), c => c.StripCacheTtl, (c, v) => c with { StripCacheTtl = v })
        {
            Summary = "Whether ttl is taken out of each cache_control.",
        },
        CacheSettings.OfUpstream,
        new Setting<UpstreamConfig, SamplingFilterMode?>("filter_sampling_params", Sampling, c => c.FilterSamplingParams, (c, v) => c with { FilterSamplingParams = v })
        {
            Summary = "Overrides the general filter_sampling_params for this upstream.",
            Example = "\"auto\"",
        },
        new Setting<UpstreamConfig, IReadOnlyDictionary<string, string>>("model_aliases", GatewaySettings.Aliases, c => c.ModelAliases, (c, v) => c with { ModelAliases = v })
        {
            Summary = "Aliases for this upstream alone; they win over the general ones.",
            Example = "{ \"fast\": \"claude-haiku-4-5\" }",
        },
        new Setting<UpstreamConfig, string?>("proxy", new TextFormat(UrlRules.ProxyAccepted, UrlRules.Proxy), c => c.Proxy, ProxyOf)
        {
            Summary = "HTTP proxy for this upstream, with user:password@ where it asks for them. Left out: HTTPS_PROXY, unless NO_PROXY names the host.",
            Example = "\"http://127.0.0.1:3128\"",
        },
    ];

    // Its password is taken out of the URL at once, so that the URL may be shown and logged.
    private static UpstreamConfig ProxyOf(UpstreamConfig config, string? text)
    {
        if (text is null || text.Equals("none", StringComparison.OrdinalIgnoreCase))
        {
            return config with { Proxy = null, ProxyCredentials = null };
        }

        var url = new Uri(text);
        return config with
        {
            Proxy = url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped),
            ProxyCredentials = url.UserInfo.Length == 0 ? null : new Secret(Uri.UnescapeDataString(url.UserInfo)),
        };
    }

    private static ChoiceFormat<SamplingFilterMode?> Sampling =>
        new(("off", SamplingFilterMode.Off), ("auto", SamplingFilterMode.Auto), ("on", SamplingFilterMode.On))
        {
            Synonyms = [("true", SamplingFilterMode.On), ("false", SamplingFilterMode.Off)],
            AlsoAccepted = " (true is on, false is off)",
        };
}
