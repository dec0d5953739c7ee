using System.Net;
using Tuppence.Caching;
using Tuppence.ClaudeCode;
using Tuppence.Configuration;
using Tuppence.Exchange;
using Tuppence.Guard;
using Tuppence.Messages.Edits;
using Tuppence.SignIn;
using Tuppence.Spending;
using Tuppence.Telemetry;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.Http1;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Hosting;

/// <summary>Compiles a configuration into a <see cref="Gateway"/>. Connections to an origin outlive it, so that a reload costs no handshakes.</summary>
internal sealed class GatewayBuilder : IAsyncDisposable
{
    private static readonly UpstreamOrigin EmulatorOrigin = new() { IsSecure = false, Host = "emulator", Port = 80, Authority = "emulator" };

    private readonly string baseDirectory;
    private readonly ILoggerFactory logs;
    private readonly ILogger log;
    private readonly TimeProvider time;
    private readonly Func<double> jitter;
    private readonly EmulatorServer emulator;
    private readonly Federations federations;
    private readonly SignedIns signedIns;
    private volatile string signInPage = "/auth/login";
    private readonly OwnListeners listeners = new();
    private readonly AcrossReloads<(UpstreamOrigin Origin, TimeSpan Timeout), ConnectionPool> pools = new();
    private readonly AcrossReloads<ClaudeCodeConfig, ClaudeCodeServer> programs = new();
    private ClaudeCodeServer? program;
    private Dictionary<(string Name, UpstreamOrigin Origin, BreakerConfig Config), Breaker> breakers = [];
    private Presets? presets;

    /// <summary>A builder for configurations whose relative paths start from <paramref name="baseDirectory"/>.</summary>
    public GatewayBuilder(string baseDirectory, ILoggerFactory logs, ILogger log, TimeProvider time, Func<double> jitter, ITokenStore? signIns)
    {
        (this.baseDirectory, this.logs, this.log, this.time, this.jitter) = (baseDirectory, logs, log, time, jitter);
        emulator = new EmulatorServer(logs, time);
        federations = new Federations(time);
        signedIns = new SignedIns(signIns, time, jitter, () => signInPage, log);
    }

    /// <summary>What the gateway listens on, once it does, and the URL that people open.</summary>
    public void Listening(IEnumerable<IPEndPoint> addresses, string url)
    {
        listeners.Set(addresses);
        signInPage = url.TrimEnd('/') + "/auth/login";
    }

    /// <summary>Folder of the presets of <paramref name="config"/>.</summary>
    public string PresetsFolder(GatewayConfig config) => Path.GetFullPath(config.PresetsDirectory, baseDirectory);

    /// <summary>Compiles. Pools of origins that are no longer configured are closed; what is in use there finishes. One call at a time.</summary>
    public Gateway Build(GatewayConfig config)
    {
        emulator.Configure(config.Emulator);
        federations.Begin();
        signedIns.Begin();
        presets = Presets.Read(PresetsFolder(config), presets, log);
        pools.Begin();
        programs.Begin();
        program = config.ClaudeCode.Enabled ? programs.Name(config.ClaudeCode, options => new ClaudeCodeServer(options, logs, log, time)) : null;
        var upstreams = new Dictionary<string, Upstream>(StringComparer.Ordinal);
        foreach (var (name, entry) in config.Upstreams)
        {
            upstreams[name] = Compile(name, entry, config);
        }

        upstreams.TryAdd("anthropic", Compile("anthropic", new UpstreamConfig { Url = UpstreamConfig.AnthropicUrl }, config));
        upstreams.TryAdd("emulator", Compile("emulator", new UpstreamConfig(), config));
        if (program is not null && !upstreams.ContainsKey(ClaudeCodeConfig.Upstream))
        {
            upstreams[ClaudeCodeConfig.Upstream] = Compile(ClaudeCodeConfig.Upstream, new UpstreamConfig(), config);
        }

        var named = config.Upstream is null ? null
            : upstreams.TryGetValue(config.Upstream, out var byName) ? byName
            : Compile("upstream", new UpstreamConfig { Url = config.Upstream }, config);

        foreach (var pool in pools.End())
        {
            pool.Dispose();
        }

        foreach (var left in programs.End())
        {
            _ = left.RetireAsync();
        }

        federations.End();
        signedIns.End();
        var keys = new GatewayKeys(config.GatewayKeys, config.GatewayKeyNames);
        if (named is not null)
        {
            upstreams.TryAdd(named.Name, named);
        }

        breakers = breakers.Where(known => upstreams.Values.Any(upstream => upstream.Breaker == known.Value)).ToDictionary();
        var choice = new UpstreamChoice(config, upstreams, named, presets.All);
        foreach (var (preset, upstream) in choice.UnknownOfPreset)
        {
            Log.PresetWithoutUpstream(log, preset, upstream);
        }

        return new Gateway
        {
            Config = config,
            Guard = new RequestGuard(config, keys),
            Keys = keys,
            Retry = new RetryPolicy(config.Retry, jitter),
            Presets = presets,
            Budgets = BudgetCompiler.Compile(config.Budgets),
            Choice = choice,
            Upstreams = [.. upstreams.Values],
            ClaudeCode = program,
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var pool in pools.Living)
        {
            pool.Dispose();
        }

        federations.Dispose();
        await signedIns.DisposeAsync();
        await emulator.DisposeAsync();
        foreach (var living in programs.Living)
        {
            await living.DisposeAsync();
        }
    }

    private Upstream Compile(string name, UpstreamConfig entry, GatewayConfig config)
    {
        var isEmulator = name == "emulator" && entry.Url is null;
        var isProgram = program is not null && name == ClaudeCodeConfig.Upstream;
        var url = ProviderUrl.Of(entry) ?? (name == "anthropic" ? UpstreamConfig.AnthropicUrl : null);
        var origin = isEmulator ? EmulatorOrigin : isProgram ? program!.Origin : UpstreamOrigin.From(new Uri(url!), ProxyOf(entry));
        var adapter = isProgram ? ProviderCompiler.ClaudeCode : ProviderCompiler.AdapterOf(entry);
        var key = CredentialOf(entry);
        var token = key is null ? federations.Of(name, entry) ?? signedIns.Of(name, entry) : null;
        return new Upstream
        {
            Name = name,
            Origin = origin,
            Connections = PoolOf(origin, isEmulator ? emulator.Transport : isProgram ? program!.Connector : null, config.Timeouts.Connect),
            Credential = key ?? token ?? ProviderCompiler.CredentialOf(entry, adapter, ProxyOf(entry), time),
            Adapter = adapter,
            Region = entry.Region,
            Breaker = BreakerOf(name, origin, config.Breaker),
            // A token of a sign-in or an exchange is a bearer token (RFC 6750), whatever header a key would take.
            Auth = token is not null ? AuthScheme.Bearer : entry.Auth,
            Headers = entry.Headers,
            Betas = entry.DropBetas.Count == 0 ? null : new BetaFilter(entry.DropBetas),
            Edits = EditsOf(entry, config),
            Caching = isProgram ? UpstreamCaching.None : UpstreamCaching.Of(entry),
            IsEmulator = isEmulator,
            IsClaudeCode = isProgram,
            IsAnthropic = name == "anthropic",
            HasSignIn = token is not null && Registrations.DependsOnSignIn(entry),
        };
    }

    /// <summary>The breaker of an upstream; it outlives a reload that leaves name, address and its options alone.</summary>
    private Breaker BreakerOf(string name, UpstreamOrigin origin, BreakerConfig config)
    {
        if (!breakers.TryGetValue((name, origin, config), out var breaker))
        {
            breakers[(name, origin, config)] = breaker = new Breaker(config, time);
        }

        return breaker;
    }

    // The path prefix is no part of a connection, but two prefixes on one host are rare enough to have a pool each.
    private ConnectionPool PoolOf(UpstreamOrigin origin, IConnector? inside, TimeSpan timeout) =>
        pools.Name((origin, timeout), key => new ConnectionPool(key.Origin, inside ?? new TcpConnector(key.Timeout, time, listeners), time));

    /// <summary>Proxy of an upstream with its user name and password, or null.</summary>
    internal static Uri? ProxyOf(UpstreamConfig entry)
    {
        if (entry.Proxy is null)
        {
            return null;
        }

        var proxy = new UriBuilder(entry.Proxy);
        if (entry.ProxyCredentials?.Reveal().Split(':', 2) is { } parts)
        {
            (proxy.UserName, proxy.Password) = (Uri.EscapeDataString(parts[0]), Uri.EscapeDataString(parts.Length > 1 ? parts[1] : ""));
        }

        return proxy.Uri;
    }

    private ICredential? CredentialOf(UpstreamConfig entry) =>
        entry.ApiKey is { } key ? new FixedKey(key)
        : entry.ApiKeyFile is { } file ? new KeyFile(Path.GetFullPath(file, baseDirectory))
        : entry.ApiKeyCommand.Count > 0 ? new KeyCommand(entry.ApiKeyCommand, time)
        : null;

    private UpstreamEdits EditsOf(UpstreamConfig entry, GatewayConfig config)
    {
        var plain = EditSettingsOf(entry, config);
        return new UpstreamEdits(
            plain.Compile(),
            presets!.All.ToDictionary(static preset => preset.Name, preset => (plain with { Preset = preset }).Compile(), StringComparer.Ordinal));
    }

    /// <summary>What is edited for an upstream without a preset.</summary>
    internal static EditSettings EditSettingsOf(UpstreamConfig entry, GatewayConfig config)
    {
        var aliases = new Dictionary<string, string>(config.ModelAliases, StringComparer.Ordinal);
        foreach (var (name, target) in entry.ModelAliases)
        {
            aliases[name] = target;
        }

        return new EditSettings
        {
            ModelAliases = aliases,
            Preamble = config.Preamble,
            StripCacheTtl = entry.StripCacheTtl,
            SamplingFilter = entry.FilterSamplingParams ?? config.FilterSamplingParams,
        };
    }
}
