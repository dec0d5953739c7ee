using Tuppence.Messages.Edits;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Configuration;

/// <summary>All that a user can set, as read from file, environment and flags. Immutable; a reload makes a new one.</summary>
public sealed record GatewayConfig
{
    /// <summary>Address to listen on. Anything but a loopback address needs <see cref="GatewayKeys"/>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>TCP port, 0 to 65535; 0 lets the system choose one (for tests).</summary>
    public int Port { get; init; } = 42069;

    /// <summary>The least severe messages that are written.</summary>
    public LogVerbosity LogLevel { get; init; } = LogVerbosity.Info;

    /// <summary>How log lines are written.</summary>
    public LogFormat LogFormat { get; init; } = LogFormat.Text;

    /// <summary>Whether request and response bodies are written to the log at TRACE. They may hold private text.</summary>
    public bool LogBodies { get; init; }

    /// <summary>When a browser is opened at start. Never in a container or without a display.</summary>
    public BrowserOpening AutoOpenBrowser { get; init; } = BrowserOpening.SignIn;

    /// <summary>Keys of which a request must carry one. Empty: any value is accepted, on loopback only.</summary>
    public IReadOnlyList<Secret> GatewayKeys { get; init; } = [];

    /// <summary>Names of <see cref="GatewayKeys"/>, in their order; there may be fewer. A key without one is called by its place.</summary>
    public IReadOnlyList<string> GatewayKeyNames { get; init; } = [];

    /// <summary>Admin key of the organisation, for <c>tuppence reconcile</c> alone; or null.</summary>
    public Secret? AdminKey { get; init; }

    /// <summary>Host names, beside loopback ones, under which the gateway may be addressed (RFC 9110 section 7.2), without port.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Web origins (RFC 6454), such as <c>https://chat.example</c>, whose pages may call the gateway. Exact match; never <c>*</c>.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Name of an upstream, or the base URL of one, for requests that nothing else directs. Null: chosen by what is configured.</summary>
    public string? Upstream { get; init; }

    /// <summary>Upstreams by name. <c>anthropic</c> and <c>emulator</c> exist without being named here.</summary>
    public IReadOnlyDictionary<string, UpstreamConfig> Upstreams { get; init; } = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal);

    /// <summary>Rules that send requests to upstreams, the first that holds decides.</summary>
    public IReadOnlyList<RouteConfig> Routes { get; init; } = [];

    /// <summary>Names of upstreams that are tried in order where those before them are down or out of quota.</summary>
    public IReadOnlyList<string> Fallback { get; init; } = [];

    /// <summary>How long after its last answer a conversation stays with its upstream, up to a day; zero: not at all. Default: the longest life of a prompt cache.</summary>
    public TimeSpan Sticky { get; init; } = TimeSpan.FromHours(1);

    /// <summary>When an upstream that keeps failing is passed over.</summary>
    public BreakerConfig Breaker { get; init; } = new();

    /// <summary>Whether <c>results_url</c> of message batches leads to the gateway.</summary>
    public bool RewriteResultsUrl { get; init; } = true;

    /// <summary>Origin (RFC 6454) under which clients reach the gateway, or null: http and the <c>Host</c> that they send.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Folder of what Tuppence keeps between runs, sign-ins among it; mode 0700.</summary>
    public string StateDirectory { get; init; } = "~/.tuppence";

    /// <summary>Whether the key of stored sign-ins is kept in the system's key store where there is one, or always in a file.</summary>
    public bool UseKeyStore { get; init; } = true;

    /// <summary>Folder of preset files, relative to the configuration file.</summary>
    public string PresetsDirectory { get; init; } = "presets";

    /// <summary>Model names that a front end may send, each with the model that is meant.</summary>
    public IReadOnlyDictionary<string, string> ModelAliases { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What happens to temperature, top_p and top_k.</summary>
    public SamplingFilterMode FilterSamplingParams { get; init; } = SamplingFilterMode.Off;

    /// <summary>Text of a system block that the operator wants first, or null.</summary>
    public string? Preamble { get; init; }

    /// <summary>Retries before the first byte of an answer.</summary>
    public RetryConfig Retry { get; init; } = new();

    /// <summary>Time limits.</summary>
    public TimeoutConfig Timeouts { get; init; } = new();

    /// <summary>Size and concurrency limits.</summary>
    public LimitConfig Limits { get; init; } = new();

    /// <summary>The prompt cache.</summary>
    public CacheConfig Cache { get; init; } = new();

    /// <summary>How much may be spent.</summary>
    public BudgetConfig Budgets { get; init; } = new();

    /// <summary>Traces and metrics for operators.</summary>
    public TelemetryConfig Telemetry { get; init; } = new();

    /// <summary>The record of requests.</summary>
    public LedgerConfig Ledger { get; init; } = new();

    /// <summary>The user's own Claude Code program.</summary>
    public ClaudeCodeConfig ClaudeCode { get; init; } = new();

    /// <summary>The built-in offline Messages API.</summary>
    public EmulatorConfig Emulator { get; init; } = new();
}
