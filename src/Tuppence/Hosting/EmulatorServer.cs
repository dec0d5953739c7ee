using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Tuppence.Configuration;
using Tuppence.Emulator;

namespace Tuppence.Hosting;

/// <summary>The built-in emulator as an upstream: its own HTTP server, inside the process, started by the first request that needs it.</summary>
internal sealed class EmulatorServer : IAsyncDisposable
{
    private readonly ILoggerFactory logs;
    private readonly TimeProvider time;
    private KestrelServer? server;
    private volatile EmulatorConfig config = new();

    /// <summary>A server that has not started.</summary>
    public EmulatorServer(ILoggerFactory logs, TimeProvider time)
    {
        (this.logs, this.time) = (logs, time);
        Transport = new InMemoryTransport(StartAsync);
    }

    /// <summary>What connections to the emulator are opened with.</summary>
    public InMemoryTransport Transport { get; }

    /// <summary>Settings for the start.</summary>
    public void Configure(EmulatorConfig settings) => config = settings;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.StopAsync(new CancellationToken(canceled: true));
            server.Dispose();
        }
    }

    private async Task StartAsync(InMemoryTransport transport, CancellationToken cancellation)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Listen(transport.EndPoint, static listen => listen.Protocols = HttpProtocols.Http1);
        server = new KestrelServer(Options.Create(options), transport, logs);
        var api = new EmulatorApi(new EmulatorOptions { Pacing = config.Pacing }, time);
        await server.StartAsync(new HttpApplication(api.HandleAsync), cancellation);
    }
}
