using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Hosting;

/// <summary>
/// Connections inside the process: the listener side serves an HTTP server, the connector side is what an upstream's connections are
/// opened with. What is built in is reached this way, over the same HTTP as any other upstream and without a port.
/// </summary>
/// <param name="title">What listens here, for the words of an error.</param>
/// <param name="start">Starts the server that listens here; called before the first connection.</param>
internal sealed class InMemoryTransport(string title, Func<InMemoryTransport, CancellationToken, Task> start) : IConnector, IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> waiting = Channel.CreateUnbounded<ConnectionContext>();
    private readonly SemaphoreSlim starting = new(1, 1);
    private bool isStarted;
    private int connections;
    private volatile bool isClosed;

    /// <inheritdoc/>
    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.Loopback, 0);

    /// <inheritdoc/>
    public async ValueTask<ConnectResult> ConnectAsync(UpstreamOrigin origin, CancellationToken cancellation)
    {
        if (isClosed)
        {
            return Stopped();
        }

        await StartOnceAsync(cancellation);
        var toServer = new Pipe(PipeOptions());
        var toClient = new Pipe(PipeOptions());
        var connection = new Connection(
            $"in-memory-{Interlocked.Increment(ref connections)}",
            new Duplex(toServer.Reader, toClient.Writer),
            new Duplex(toClient.Reader, toServer.Writer))
        {
            LocalEndPoint = EndPoint,
            RemoteEndPoint = EndPoint,
        };
        return waiting.Writer.TryWrite(connection) ? ConnectResult.Of(new DuplexStream(toClient.Reader, toServer.Writer, connection.Close), null) : Stopped();
    }

    /// <summary>Opens no more connections.</summary>
    public void Close() => isClosed = true;

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

    private ConnectResult Stopped() => ConnectResult.Of(FaultKind.ConnectFailed, title + " has stopped");

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

    /// <summary>The server's end. It learns at once that the client's was closed: at work on an answer it does not read, and so would not see it.</summary>
    private sealed class Connection : DefaultConnectionContext
    {
        private readonly CancellationTokenSource closed = new();

        public Connection(string id, IDuplexPipe transport, IDuplexPipe application)
            : base(id, transport, application) => ConnectionClosed = closed.Token;

        /// <summary>The client's end was closed. Never runs the server's code on the client's thread.</summary>
        public void Close() => ThreadPool.UnsafeQueueUserWorkItem(static source => source.Cancel(), closed, preferLocal: false);

        public override void Abort(ConnectionAbortedException abortReason) => Close();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
