using Microsoft.Extensions.Logging;
using Tuppence.Configuration;
using Tuppence.Configuration.Loading;
using Tuppence.Hosting;
using Tuppence.Telemetry;
using Tuppence.Thrift;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Tests.Scenes;

/// <summary>A real gateway on a port of its own, in this process. Everything it logs is kept.</summary>
public sealed class TestGateway : IAsyncDisposable
{
    private readonly ILoggerFactory logs;
    private readonly StringWriter log;
    private readonly TextWriter writer;
    private readonly Lock reloading = new();
    private IDisposable? watch;
    private bool isOver;

    private TestGateway(GatewayHost host, ILoggerFactory logs, StringWriter log, TextWriter writer, string directory) =>
        (Host, this.logs, this.log, this.writer, Directory) = (host, logs, log, writer, directory);

    public GatewayHost Host { get; }

    public string Directory { get; }

    public Uri Url => new(Host.Url);

    public int Port => Url.Port;

    public string Log
    {
        get
        {
            // What a synchronised writer locks is itself.
            lock (writer)
            {
                return log.ToString();
            }
        }
    }

    /// <summary>Starts with the emulator, without pacing.</summary>
    public static Task<TestGateway> StartAsync(Func<GatewayConfig, GatewayConfig>? change = null, TimeProvider? time = null, params (string Name, string Json)[] presets) =>
        StartAsync(null, change, time, presets);

    /// <summary>Starts in front of <paramref name="upstream"/>, without retries unless the change turns them on.</summary>
    public static Task<TestGateway> StartAsync(ScriptedUpstream? upstream, Func<GatewayConfig, GatewayConfig>? change = null, TimeProvider? time = null, params (string Name, string Json)[] presets) =>
        StartAsync(upstream, change, time, null, presets);

    /// <summary>Starts with a keeper of sign-ins.</summary>
    public static Task<TestGateway> StartWithAsync(IGrantKeeper keeper, Func<GatewayConfig, GatewayConfig>? change = null, TimeProvider? time = null) =>
        StartAsync(null, change, time, keeper, []);

    /// <summary>Starts from a configuration file, which is watched; null: from none. Flags and variables as given; what tests need comes from variables.</summary>
    public static async Task<TestGateway> StartFromFileAsync(string? file, IReadOnlyList<FlagSetting>? flags = null, params (string Name, string Value)[] variables)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("tuppence-test-").FullName;
        if (file is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(directory, "tuppence.json"), file);
        }

        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["TUPPENCE_PORT"] = "0",
            ["TUPPENCE_STATE_DIRECTORY"] = Path.Combine(directory, "state"),
            ["TUPPENCE_USE_KEY_STORE"] = "false",
        };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        var source = new ConfigurationSource(new Surroundings { WorkingDirectory = directory, Variables = environment }, flags ?? [], null, TimeProvider.System);
        var result = source.Load();
        Assert.True(result.Loaded is not null, string.Join('\n', result.Errors));
        var log = new StringWriter();
        var writer = TextWriter.Synchronized(log);
        var logs = new LoggerFactory([new LineLoggerProvider(writer, TimeProvider.System, LogVerbosity.Trace)], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        var host = await GatewayHost.StartAsync(result.Loaded.Config, directory, logs, TimeProvider.System, () => 0.5, source: source);
        var gateway = new TestGateway(host, logs, log, writer, directory);
        gateway.watch = source.Watch(gateway.Reload, static _ => { });
        return gateway;
    }

    private static async Task<TestGateway> StartAsync(
        ScriptedUpstream? upstream, Func<GatewayConfig, GatewayConfig>? change, TimeProvider? time, IGrantKeeper? keeper, (string Name, string Json)[] presets)
    {
        var directory = System.IO.Directory.CreateTempSubdirectory("tuppence-test-").FullName;
        var folder = System.IO.Directory.CreateDirectory(Path.Combine(directory, "presets")).FullName;
        foreach (var (name, json) in presets)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name + ".json"), json);
        }

        var config = new GatewayConfig
        {
            Port = 0,
            UseKeyStore = false,
            StateDirectory = Path.Combine(directory, "state"),
            LogLevel = LogVerbosity.Trace,
            Upstream = upstream?.Url,
            Retry = new RetryConfig { MaxRetries = 0 },
            Emulator = new EmulatorConfig { Pacing = false },
            // Most scenes assert exact bytes. Those that are about the prompt cache ask for a level.
            Cache = new CacheConfig { Level = CacheLevel.Off },
        };
        config = change?.Invoke(config) ?? config;
        var log = new StringWriter();
        var writer = TextWriter.Synchronized(log);
        var logs = new LoggerFactory([new LineLoggerProvider(writer, TimeProvider.System, config.LogLevel) { Format = config.LogFormat }], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        var host = await GatewayHost.StartAsync(config, directory, logs, time ?? TimeProvider.System, () => 0.5, keeper);
        return new TestGateway(host, logs, log, writer, directory);
    }

    /// <summary>Sends raw bytes and reads one answer.</summary>
    public Task<RawResponse> SendAsync(string request) => RawClient.ExchangeAsync(Port, request);

    /// <summary>POSTs JSON to a path with the usual headers.</summary>
    public Task<RawResponse> PostAsync(string json, string path = "/v1/messages", string headers = "") =>
        SendAsync(RawClient.Post(path, json, $"anthropic-version: 2023-06-01\r\n{headers}"));

    public async ValueTask DisposeAsync()
    {
        lock (reloading)
        {
            watch?.Dispose();
            isOver = true;
        }

        await Host.DisposeAsync();
        logs.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
        LeakScan.Check(Log, Host.State.Current.Config);
    }

    // A watch may still call when it is disposed of.
    private void Reload(LoadedConfiguration loaded)
    {
        lock (reloading)
        {
            if (!isOver)
            {
                Host.Reload(loaded.Config);
            }
        }
    }
}
