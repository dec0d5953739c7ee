using Tuppence.Messages.Edits;
using Tuppence.Thrift;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.Credentials.Cloud;

namespace Tuppence.Configuration;

/// <summary>One Messages-compatible upstream.</summary>
public sealed record UpstreamConfig
{
    /// <summary>Base URL of the built-in upstream <c>anthropic</c>.</summary>
    public const string AnthropicUrl = "https://api.anthropic.com";

    /// <summary>Base URL: https, or http on loopback; a path prefix is kept. Without it the entry amends a built-in upstream.</summary>
    public string? Url { get; init; }

    /// <summary>The API key itself. Prefer one of the three that follow.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>Name of the environment variable that holds the key.</summary>
    public string? ApiKeyEnv { get; init; }

    /// <summary>File whose trimmed content is the key.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>Program and arguments whose trimmed standard output is the key. No shell is involved.</summary>
    public IReadOnlyList<string> ApiKeyCommand { get; init; } = [];

    /// <summary>Header in which a configured key is sent.</summary>
    public AuthScheme Auth { get; init; } = AuthScheme.XApiKey;

    /// <summary>Who serves it.</summary>
    public Provider Provider { get; init; } = Provider.Messages;

    /// <summary>AWS region, or Google Cloud location (<c>global</c> among them), for providers that need one.</summary>
    public string? Region { get; init; }

    /// <summary>Google Cloud project.</summary>
    public string? Project { get; init; }

    /// <summary>Workspace, sent as <c>anthropic-workspace-id</c> or in the path, as the provider has it.</summary>
    public string? Workspace { get; init; }

    /// <summary>Name of the Foundry resource.</summary>
    public string? Resource { get; init; }

    /// <summary>Credentials of a cloud, found on this machine.</summary>
    public CloudIdentity CloudIdentity { get; init; }

    /// <summary>AWS profile, or null for the chain's own choice.</summary>
    public string? AwsProfile { get; init; }

    /// <summary>Service-account or external-account file (JSON) for Google, or null for the chain's own choice.</summary>
    public string? GoogleCredentialsFile { get; init; }

    /// <summary>What the chain of <see cref="CloudIdentity"/> may look at on this machine. No option: the loader fills it in.</summary>
    public CloudEnvironment? CloudEnvironment { get; init; }

    /// <summary>A person's sign-in.</summary>
    public SignInConfig SignIn { get; init; } = new();

    /// <summary>Exchange of a JWT for an Anthropic token.</summary>
    public FederationConfig Federation { get; init; } = new();

    /// <summary>Headers added to each request where the client sent none of that name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Values taken out of <c>anthropic-beta</c>; a trailing <c>*</c> matches any rest.</summary>
    public IReadOnlyList<string> DropBetas { get; init; } = [];

    /// <summary>Whether <c>ttl</c> is taken out of each <c>cache_control</c>.</summary>
    public bool StripCacheTtl { get; init; }

    /// <summary>Overrides <see cref="CacheConfig.Level"/> for this upstream.</summary>
    public CacheLevel? Cache { get; init; }

    /// <summary>Overrides <see cref="GatewayConfig.FilterSamplingParams"/> for this upstream.</summary>
    public SamplingFilterMode? FilterSamplingParams { get; init; }

    /// <summary>Aliases for this upstream alone; they win over <see cref="GatewayConfig.ModelAliases"/>.</summary>
    public IReadOnlyDictionary<string, string> ModelAliases { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>HTTP proxy for this upstream (CONNECT, RFC 9110 section 9.3.6) as scheme, host and port, or null.</summary>
    public string? Proxy { get; init; }

    /// <summary><c>user:password</c> for the proxy (RFC 7617, before encoding), or null.</summary>
    public Secret? ProxyCredentials { get; init; }
}
