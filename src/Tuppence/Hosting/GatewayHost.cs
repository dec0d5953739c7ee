using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Tuppence.Configuration;
using Tuppence.Configuration.Loading;
using Tuppence.Exchange;
using Tuppence.SignIn;
using Tuppence.Telemetry;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Hosting;

/// <summary>A running gateway: its listener and what it needs to stop in order.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly IServer server;
    private readonly GatewayBuilder builder;
    private readonly ILogger log;
    private readonly Lock reloading = new();
    private OtlpExport? export;
    private FileWatch? presetsWatch;
    private string? watchedFolder;
    private bool watchesPresets;
    private int stopped;

    private GatewayHost(WebApplication app, IServer server, GatewayBuilder builder, GatewayState state, SignInDesk? desk, ILogger log) =>
        (this.app, this.server, this.builder, State, SignIns, this.log) = (app, server, builder, state, desk, log);

    /// <summary>What lives as long as the process.</summary>
    public GatewayState State { get; }

    /// <summary>The sign-ins of our pages; null where nothing keeps their tokens.</summary>
    internal SignInDesk? SignIns { get; }

    /// <summary>Base URL that was bound, with the port that the system chose where none was asked for.</summary>
    public string Url => server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();

    /// <summary>Binds and starts to answer. Throws <see cref="IOException"/> where the address is taken or not ours.</summary>
    /// <param name="config">What to serve.</param>
    /// <param name="baseDirectory">Folder that relative paths of the configuration start from.</param>
    /// <param name="logs">Where log lines go.</param>
    /// <param name="time">The clock.</param>
    /// <param name="jitter">Random numbers from 0 to 1, for retry waits.</param>
    /// <param name="keeper">Where sign-ins are kept, or null: then nobody can sign in.</param>
    /// <param name="source">Where the configuration comes from, to change it on the dashboard; null: it cannot be.</param>
    /// <param name="cancellation">Gives the start up.</param>
    public static async Task<GatewayHost> StartAsync(
        GatewayConfig config, string baseDirectory, ILoggerFactory logs, TimeProvider time, Func<double> jitter, IGrantKeeper? keeper = null, ConfigurationSource? source = null,
        CancellationToken cancellation = default)
    {
        var log = logs.CreateLogger("Tuppence");
        var builder = new GatewayBuilder(baseDirectory, logs, log, time, jitter, keeper?.Store);
        var state = new GatewayState(builder.Build(config), time, log, RandomNumberGenerator.GetBytes(5));
        (state.Dashboard.Source, state.Dashboard.BaseDirectory) = (source, baseDirectory);
        await state.RecallBudgetsAsync(cancellation);
        var export = OtlpExport.Start(config.Telemetry, state);
        var app = BuildServer(config, logs);
        var server = app.Services.GetRequiredService<IServer>();
        var desk = keeper is null ? null : new SignInDesk(keeper, time, RandomNumberGenerator.GetBytes, log);
        await server.StartAsync(new HttpApplication(new RequestPipeline(state, desk).HandleAsync), cancellation);
        var bound = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        builder.Listening(ListenAddress.Bound(bound), config.PublicUrl ?? ListenAddress.ForPeople(bound.First()));
        var host = new GatewayHost(app, server, builder, state, desk, log) { export = export };
        state.Dashboard.ReloadPresets = host.ReloadPresets;
        return host;
    }

    /// <summary>Puts a changed configuration in force without touching open answers.</summary>
    public void Reload(GatewayConfig config)
    {
        lock (reloading)
        {
            PutInForce(config);
        }
    }

    /// <summary>Reads the presets anew, under the configuration in force.</summary>
    public void ReloadPresets()
    {
        // Configuration and presets may change at the same moment; which of them is in force must not change in between.
        lock (reloading)
        {
            PutInForce(State.Current.Config);
        }
    }

    /// <summary>Reads the presets anew whenever their folder changes; and once now, since the start read them unwatched.</summary>
    public void WatchPresets()
    {
        lock (reloading)
        {
            watchesPresets = true;
            PutInForce(State.Current.Config);
        }
    }

    /// <summary>
    /// Stops in order: health says so at once, after the stop delay no connection is accepted any more, open answers get the drain time,
    /// what is left then ends with an error event. <paramref name="now"/> cuts delay and drain short.
    /// </summary>
    public async Task StopAsync(CancellationToken now = default)
    {
        if (Interlocked.Exchange(ref stopped, 1) != 0)
        {
            return;
        }

        var timeouts = State.Current.Config.Timeouts;
        State.BeginStopping();
        if (timeouts.StopDelay > TimeSpan.Zero)
        {
            await Task.Delay(timeouts.StopDelay, State.Time, now).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (State.Counters.Open > 0)
        {
            Log.Stopping(log, timeouts.Drain.TotalSeconds);
        }

        using var drained = new CancellationTokenSource(timeouts.Drain, State.Time);
        using var expired = CancellationTokenSource.CreateLinkedTokenSource(drained.Token, now);
        using var hard = new CancellationTokenSource();
        using var onExpiry = expired.Token.UnsafeRegister(
            host =>
            {
                ((GatewayHost)host!).State.ExpireDrain();
                // The error events need a moment to leave.
                hard.CancelAfter(TimeSpan.FromSeconds(2));
            },
            this);
        await server.StopAsync(hard.Token);
        State.Cache.Save();
        Log.Stopped(log);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        presetsWatch?.Dispose();
        await StopAsync(new CancellationToken(canceled: true));
        if (SignIns is not null)
        {
            await SignIns.DisposeAsync();
        }

        if (export is not null)
        {
            await export.DisposeAsync();
        }

        await app.DisposeAsync();
        await builder.DisposeAsync();
        await State.Ledger.DisposeAsync();
        State.Dispose();
    }

    private void PutInForce(GatewayConfig config)
    {
        var folder = builder.PresetsFolder(config);
        if (watchesPresets && folder != watchedFolder)
        {
            presetsWatch?.Dispose();
            // Before the reading, so that no change falls between.
            (presetsWatch, watchedFolder) = (new FileWatch(folder, State.Time, ReloadPresets), folder);
        }

        State.Replace(builder.Build(config));
        // A budget that is new learns of the past as soon as the ledger has told; until then it counts what this process saw.
        _ = State.RecallBudgetsAsync();
    }

    private static WebApplication BuildServer(GatewayConfig config, ILoggerFactory logs)
    {
        // A bare line feed ends no header line (RFC 9112 section 2.2 lets a server refuse it): one reading of every request.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>>(new LargeBlockPoolFactory());
        builder.Services.Configure<SocketTransportOptions>(sockets =>
        {
            // A full backlog costs a client a whole second of SYN retry.
            sockets.Backlog = 4096;
            sockets.UnsafePreferInlineScheduling = true;
        });
        builder.Services.Configure<KestrelServerOptions>(kestrel => Configure(kestrel, config));
        return builder.Build();
    }

    private static void Configure(KestrelServerOptions kestrel, GatewayConfig config)
    {
        ListenAddress.Apply(kestrel, config.Host, config.Port);
        kestrel.AddServerHeader = false;
        kestrel.AllowHostHeaderOverride = false;
        kestrel.RequestHeaderEncodingSelector = static name =>
            name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) ? StrictDigits.Instance
            : name.Equals("Connection", StringComparison.OrdinalIgnoreCase) ? ConnectionMembers.Instance
            : Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        // The request reader bounds bodies itself, with an answer in the API's form.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.RequestHeadersTimeout = config.Limits.RequestHeaders;
        kestrel.Limits.MinRequestBodyDataRate = config.Limits.MinRequestBytesPerSecond == 0
            ? null
            : new MinDataRate(config.Limits.MinRequestBytesPerSecond, TimeSpan.FromSeconds(5));
        kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
    }
}
