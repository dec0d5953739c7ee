namespace Tuppence.Upstreams.Http1;

/// <summary>Idle connections to one origin, the most recently used first.</summary>
/// <remarks>
/// A connection lives at most five minutes, so that a change of DNS is followed, and waits at most one: less than the keep-alive of
/// the servers we know, since a POST that meets a closing connection may not be sent again (RFC 9110 section 9.2.2).
/// </remarks>
public sealed class ConnectionPool : IDisposable
{
    private static readonly TimeSpan MaxLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxIdle = TimeSpan.FromMinutes(1);

    private readonly UpstreamOrigin origin;
    private readonly IConnector connector;
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly List<UpstreamConnection> idle = [];
    private readonly ITimer sweep;
    private bool isDisposed;

    /// <summary>A pool for <paramref name="origin"/>; connections are opened by <paramref name="connector"/>.</summary>
    public ConnectionPool(UpstreamOrigin origin, IConnector connector, TimeProvider time)
    {
        (this.origin, this.connector, this.time) = (origin, connector, time);
        sweep = time.CreateTimer(static pool => ((ConnectionPool)pool!).CloseIdle(), this, MaxIdle, MaxIdle);
    }

    /// <summary>An idle connection that is still open, or a new one.</summary>
    public async ValueTask<(UpstreamConnection? Connection, UpstreamFault? Fault)> RentAsync(CancellationToken cancellation)
    {
        while (TryTake() is { } waiting)
        {
            if (!IsOld(waiting) && !waiting.IsStale)
            {
                return (waiting, null);
            }

            waiting.Dispose();
        }

        var result = await connector.ConnectAsync(origin, cancellation);
        return result.IsConnected ? (new UpstreamConnection(result.Stream, result.Socket, time.GetTimestamp()), null) : (null, result.Fault);
    }

    /// <summary>Takes a connection back: kept where its exchange ended well, else closed.</summary>
    public void Return(UpstreamConnection connection)
    {
        if (connection.IsReusable && !IsOld(connection))
        {
            connection.Rest();
            connection.IdleSince = time.GetTimestamp();
            lock (gate)
            {
                if (!isDisposed)
                {
                    idle.Add(connection);
                    return;
                }
            }
        }

        connection.Dispose();
    }

    /// <summary>Closes all idle connections; those in use are closed when they come back.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
        }

        sweep.Dispose();
        while (TryTake() is { } connection)
        {
            connection.Dispose();
        }
    }

    private bool IsOld(UpstreamConnection connection) => time.GetElapsedTime(connection.CreatedAt) > MaxLife;

    private UpstreamConnection? TryTake()
    {
        lock (gate)
        {
            if (idle.Count == 0)
            {
                return null;
            }

            var last = idle[^1];
            idle.RemoveAt(idle.Count - 1);
            return last;
        }
    }

    private void CloseIdle()
    {
        List<UpstreamConnection> old = [];
        lock (gate)
        {
            for (var i = idle.Count - 1; i >= 0; i--)
            {
                if (IsOld(idle[i]) || time.GetElapsedTime(idle[i].IdleSince) > MaxIdle)
                {
                    old.Add(idle[i]);
                    idle.RemoveAt(i);
                }
            }
        }

        old.ForEach(static connection => connection.Dispose());
    }
}
