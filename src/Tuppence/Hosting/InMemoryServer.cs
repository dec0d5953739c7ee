using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Tuppence.Hosting;

/// <summary>An upstream that lives inside the process: its own HTTP server, without a port, started by the first request that needs it.</summary>
internal sealed class InMemoryServer : IAsyncDisposable
{
    private readonly Func<Func<HttpContext, Task>> application;
    private readonly ILoggerFactory logs;
    private KestrelServer? server;

    /// <summary>A server that has not started.</summary>
    /// <param name="title">What it is, for the words of an error: “the built-in emulator”.</param>
    /// <param name="application">Gives what answers requests; asked once, at the start.</param>
    /// <param name="logs">Where log lines go.</param>
    public InMemoryServer(string title, Func<Func<HttpContext, Task>> application, ILoggerFactory logs)
    {
        (this.application, this.logs) = (application, logs);
        Transport = new InMemoryTransport(title, StartAsync);
    }

    /// <summary>What connections to it are opened with.</summary>
    public InMemoryTransport Transport { get; }

    /// <summary>Takes no more requests and waits until those under way are answered, or until <paramref name="now"/>: then they are cut off.</summary>
    public Task StopAsync(CancellationToken now)
    {
        Transport.Close();
        return server?.StopAsync(now) ?? Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        server?.Dispose();
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
        await server.StartAsync(new HttpApplication(application()), cancellation);
    }
}
