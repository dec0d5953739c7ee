using Tuppence.Configuration.Rules;
using Tuppence.Messages.Edits;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Configuration.Catalogue;

/// <summary>The options at the top of the configuration file.</summary>
internal static class GatewaySettings
{
    /// <summary>Every option that is not inside an upstream, in the order of the manual; groups come last.</summary>
    public static IReadOnlyList<Setting<GatewayConfig>> All { get; } =
    [
        new Setting<GatewayConfig, string?>("host", new TextFormat("an IP address, or localhost", HostRules.Listen), c => c.Host, (c, v) => c with { Host = v! })
        {
            Summary = "Address to listen on. Anything but a loopback address needs gateway_keys. In a container image, or a container with gateway_keys, the default is 0.0.0.0.",
            Flag = "--host", FlagValue = "ADDRESS", NeedsRestart = true,
        },
        new Setting<GatewayConfig, int>("port", new IntegerFormat(0, 65535), c => c.Port, (c, v) => c with { Port = v })
        {
            Summary = "TCP port to listen on; 0 lets the system choose one.",
            Flag = "--port", FlagValue = "PORT", NeedsRestart = true,
        },
        new Setting<GatewayConfig, string?>("upstream", new TextFormat("the name of an upstream, or " + UrlRules.UpstreamAccepted, NameOrUrl), c => c.Upstream, (c, v) => c with { Upstream = v })
        {
            Summary = "Where requests go that nothing else directs. Left out: anthropic where a key is known, else the emulator.",
            Flag = "--upstream", FlagValue = "NAME|URL", Example = "\"anthropic\"",
        },
        .. RoutingSettings.All,
        new Setting<GatewayConfig, LogVerbosity>("log_level", Verbosity, c => c.LogLevel, (c, v) => c with { LogLevel = v })
        {
            Summary = "The least severe messages that are written.",
            Flag = "--log-level", FlagValue = "LEVEL",
        },
        new Setting<GatewayConfig, LogFormat>("log_format", new ChoiceFormat<LogFormat>(("text", LogFormat.Text), ("json", LogFormat.Json)), c => c.LogFormat, (c, v) => c with { LogFormat = v })
        {
            Summary = "How log lines are written: text for people, json as one JSON object a line, with the id of the request that a line is about.",
        },
        new Setting<GatewayConfig, bool>("log_bodies", new BooleanFormat(), c => c.LogBodies, (c, v) => c with { LogBodies = v })
        {
            Summary = "Whether request and response bodies are written to the log at level trace. They may hold private text.",
        },
        new Setting<GatewayConfig, BrowserOpening>("auto_open_browser", Opening, c => c.AutoOpenBrowser, (c, v) => c with { AutoOpenBrowser = v })
        {
            Summary = "When a browser is opened at start: off never, sign-in where the chosen upstream needs a sign-in and a person looks at the output, on always. Never in a container or without a display.",
            NeedsRestart = true,
        },
        new Setting<GatewayConfig, IReadOnlyList<Secret>>("gateway_keys", new ListFormat<Secret>(new SecretFormat(), "keys of visible ASCII characters"), c => c.GatewayKeys, (c, v) => c with { GatewayKeys = v })
        {
            Summary = "Keys of which a request must carry one, as x-api-key or bearer. None: any value is accepted, on loopback only.",
            Flag = "--gateway-key", FlagValue = "KEY", Repeatable = true, Example = "[\"a-long-random-value\"]",
        },
        new Setting<GatewayConfig, IReadOnlyList<string>>("gateway_key_names", new ListFormat<string>(new TextFormat("a name", NameRules.Key), "names of at most 40 characters"), c => c.GatewayKeyNames, (c, v) => c with { GatewayKeyNames = v })
        {
            Summary = "Names of the gateway keys, in their order, for budgets and for the ledger, which never hold a key. A key without one is called key 1, key 2 and so on, by its place.",
            Example = "[\"anna\", \"bot\"]",
        },
        new Setting<GatewayConfig, IReadOnlyList<string>>("allowed_hosts", new ListFormat<string>(new TextFormat("a host name without port", HostRules.Allowed), "host names without port"), c => c.AllowedHosts, (c, v) => c with { AllowedHosts = v })
        {
            Summary = "Host names, beside loopback ones, under which the gateway may be addressed.",
            Flag = "--allowed-host", FlagValue = "NAME", Repeatable = true, Example = "[\"tuppence.lan\"]",
        },
        new Setting<GatewayConfig, IReadOnlyList<string>>("allowed_origins", new ListFormat<string>(new TextFormat("an exact origin such as https://chat.example", HostRules.Origin), "exact origins such as https://chat.example"), c => c.AllowedOrigins, (c, v) => c with { AllowedOrigins = v })
        {
            Summary = "Web origins whose pages may call the gateway. Exact; * and null are refused.",
            Flag = "--allowed-origin", FlagValue = "ORIGIN", Repeatable = true, Example = "[\"https://chat.example\"]",
        },
        new Setting<GatewayConfig, string?>("state_directory", new TextFormat("a folder", NameRules.NotEmpty), c => c.StateDirectory, (c, v) => c with { StateDirectory = v! })
        {
            Summary = "Folder of what Tuppence keeps between runs, sign-ins among it. It is made when first needed.",
            Flag = "--state-dir", FlagValue = "FOLDER", NeedsRestart = true,
        },
        new Setting<GatewayConfig, bool>("use_key_store", new BooleanFormat(), c => c.UseKeyStore, (c, v) => c with { UseKeyStore = v })
        {
            Summary = "Whether the key that stored sign-ins are encrypted with is kept in the system's key store, where there is one; else it is a file beside them.",
            NeedsRestart = true,
        },
        new Setting<GatewayConfig, string?>("presets_directory", new TextFormat("a folder", NameRules.NotEmpty), c => c.PresetsDirectory, (c, v) => c with { PresetsDirectory = v! })
        {
            Summary = "Folder of preset files, relative to the configuration file. It need not exist.",
            Flag = "--preset-dir", FlagValue = "FOLDER",
        },
        new Setting<GatewayConfig, IReadOnlyDictionary<string, string>>("model_aliases", Aliases, c => c.ModelAliases, (c, v) => c with { ModelAliases = v })
        {
            Summary = "Model names that a front end may send, each with the model that is meant.",
            Example = "{ \"gpt-4o\": \"claude-sonnet-5\" }",
        },
        new Setting<GatewayConfig, SamplingFilterMode>("filter_sampling_params", Sampling, c => c.FilterSamplingParams, (c, v) => c with { FilterSamplingParams = v })
        {
            Summary = "What happens to temperature, top_p and top_k: off passes them, auto drops what the model rejects, on applies one simple rule to all models.",
            Flag = "--filter-sampling-params", FlagValue = "MODE",
        },
        new Setting<GatewayConfig, string?>("preamble", new TextFormat("text", NameRules.NotEmpty), c => c.Preamble, (c, v) => c with { Preamble = v })
        {
            Summary = "Text of a system block that is put first in every request.",
            Example = "\"You are speaking to a guest of the library.\"",
        },
        .. LedgerSettings.All,
        .. GroupSettings.All,
    ];

    /// <summary>Names for models: no alias names itself.</summary>
    public static MapFormat Aliases => new("an object of model names, each with the model that is meant", StringComparer.Ordinal, NameRules.Alias);

    private static ChoiceFormat<BrowserOpening> Opening =>
        new(("off", BrowserOpening.Off), ("sign-in", BrowserOpening.SignIn), ("on", BrowserOpening.On))
        {
            Synonyms = [("true", BrowserOpening.On), ("false", BrowserOpening.Off), ("yes", BrowserOpening.On), ("no", BrowserOpening.Off), ("1", BrowserOpening.On), ("0", BrowserOpening.Off)],
            AlsoAccepted = " (true is on, false is off)",
        };

    private static ChoiceFormat<LogVerbosity> Verbosity =>
        new(("trace", LogVerbosity.Trace), ("debug", LogVerbosity.Debug), ("info", LogVerbosity.Info), ("warn", LogVerbosity.Warn), ("error", LogVerbosity.Error))
        {
            Synonyms = [("information", LogVerbosity.Info), ("warning", LogVerbosity.Warn)],
        };

    private static ChoiceFormat<SamplingFilterMode> Sampling =>
        new(("off", SamplingFilterMode.Off), ("auto", SamplingFilterMode.Auto), ("on", SamplingFilterMode.On))
        {
            Synonyms = [("true", SamplingFilterMode.On), ("false", SamplingFilterMode.Off)],
            AlsoAccepted = " (true is on, false is off)",
        };

    // Whether the name exists is known only when all layers are read.
    private static Refusal? NameOrUrl(string text) => text.Contains(':', StringComparison.Ordinal) ? UrlRules.Upstream(text) : NameRules.Upstream(text);
}
