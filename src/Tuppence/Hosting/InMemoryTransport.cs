using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Hosting;

/// <summary>
/// Connections inside the process: the listener side serves an HTTP server, the connector side is what an upstream's connections are
/// opened with. The built-in emulator is reached this way, over the same HTTP as any other upstream and without a port.
/// </summary>
/// <param name="start">Starts the server that listens here; called before the first connection.</param>
internal sealed class InMemoryTransport(Func<InMemoryTransport, CancellationToken, Task> start) : IConnector, IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> waiting = Channel.CreateUnbounded<ConnectionContext>();
    private readonly SemaphoreSlim starting = new(1, 1);
    private bool isStarted;
    private int connections;

    /// <inheritdoc/>
    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.Loopback, 0);

    /// <inheritdoc/>
    public async ValueTask<ConnectResult> ConnectAsync(UpstreamOrigin origin, CancellationToken cancellation)
    {
        await StartOnceAsync(cancellation);
        var toServer = new Pipe(PipeOptions());
        var toClient = new Pipe(PipeOptions());
        var context = new DefaultConnectionContext(
            $"in-memory-{Interlocked.Increment(ref connections)}",
            new Duplex(toServer.Reader, toClient.Writer),
            new Duplex(toClient.Reader, toServer.Writer))
        {
            LocalEndPoint = EndPoint,
            RemoteEndPoint = EndPoint,
        };
        return waiting.Writer.TryWrite(context)
            ? ConnectResult.Of(new DuplexStream(toClient.Reader, toServer.Writer), null)
            : ConnectResult.Of(FaultKind.ConnectFailed, "the built-in emulator has stopped");
    }

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return new(this);
    }

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await waiting.Reader.WaitToReadAsync(cancellationToken) && waiting.Reader.TryRead(out var connection) ? connection : null;

    /// <inheritdoc/>
    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        waiting.Writer.TryComplete();
        return default;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => UnbindAsync();

    private static PipeOptions PipeOptions() => new(useSynchronizationContext: false);

    private async ValueTask StartOnceAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref isStarted))
        {
            return;
        }

        await starting.WaitAsync(cancellation);
        try
        {
            if (!isStarted)
            {
                await start(this, cancellation);
                Volatile.Write(ref isStarted, true);
            }
        }
        finally
        {
            starting.Release();
        }
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
