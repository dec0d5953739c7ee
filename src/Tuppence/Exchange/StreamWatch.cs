using Tuppence.Configuration;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Exchange;

/// <summary>
/// Keeps one attempt's time limits and sends pings into a silent stream. One timer serves all of it; a relayed event costs it one
/// timestamp and two interlocked operations.
/// </summary>
internal sealed class StreamWatch : IDisposable
{
    private const int Free = 0;
    private const int Relaying = 1;
    private const int Pinging = 2;

    private readonly TimeProvider time;
    private readonly TimeoutConfig limits;
    private readonly UpstreamConnection connection;
    private readonly long exchangeStarted;
    private readonly ITimer timer;
    private Func<ValueTask>? ping;
    private TaskCompletionSource? pingEnded;
    private long lastActivity;
    private long lastPing;
    private int gate = Relaying;
    private volatile bool isBody;
    private volatile UpstreamFault? fault;

    /// <summary>Starts to watch for the response head.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="connection">Aborted when a limit is passed.</param>
    /// <param name="exchangeStarted">Timestamp of the first attempt, for the total limit.</param>
    public StreamWatch(TimeProvider time, TimeoutConfig limits, UpstreamConnection connection, long exchangeStarted)
    {
        (this.time, this.limits, this.connection, this.exchangeStarted) = (time, limits, connection, exchangeStarted);
        lastActivity = lastPing = time.GetTimestamp();
        timer = time.CreateTimer(static watch => ((StreamWatch)watch!).Tick(), this, Earliest(limits.ResponseHeaders), Timeout.InfiniteTimeSpan);
    }

    /// <summary>The limit that was passed, if one was.</summary>
    public UpstreamFault? Fault => fault;

    /// <summary>From here on the idle limit counts, and <paramref name="sendPing"/> is called into silence. The caller holds the stream.</summary>
    public void BeginBody(Func<ValueTask>? sendPing)
    {
        ping = limits.Ping > TimeSpan.Zero ? sendPing : null;
        lastActivity = lastPing = time.GetTimestamp();
        isBody = true;
        timer.Change(Earliest(ping is null ? limits.Idle : Min(limits.Idle, limits.Ping)), Timeout.InfiniteTimeSpan);
    }

    /// <summary>Takes the stream for relaying, waiting for a ping that is being written. Notes activity.</summary>
    public ValueTask EnterAsync()
    {
        Volatile.Write(ref lastActivity, time.GetTimestamp());
        return Interlocked.CompareExchange(ref gate, Relaying, Free) == Free ? default : EnterAfterPingAsync();
    }

    /// <summary>Leaves the stream to the pings while the upstream is silent.</summary>
    public void Exit() => Volatile.Write(ref gate, Free);

    /// <summary>Receives what comes next. For answers that are read before they are passed on; the relay does the same step by step, since there each event must allocate nothing.</summary>
    public async ValueTask ReceiveAsync()
    {
        Exit();
        try
        {
            connection.Received(await connection.ReceiveAsync());
        }
        catch (Exception e) when (UpstreamConnection.IsTransportFailure(e))
        {
            connection.ReceiveFailed(e);
        }

        await EnterAsync();
    }

    /// <summary>Ends the attempt with <paramref name="reason"/>, from any thread.</summary>
    public void Stop(UpstreamFault reason)
    {
        Interlocked.CompareExchange(ref fault, reason, null);
        connection.Abort();
    }

    /// <inheritdoc/>
    public void Dispose() => timer.Dispose();

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private async ValueTask EnterAfterPingAsync()
    {
        while (Interlocked.CompareExchange(ref gate, Relaying, Free) != Free)
        {
            await (Volatile.Read(ref pingEnded)?.Task ?? Task.CompletedTask);
        }
    }

    private void Tick()
    {
        var silence = time.GetElapsedTime(Volatile.Read(ref lastActivity));
        if (limits.Total > TimeSpan.Zero && time.GetElapsedTime(exchangeStarted) >= limits.Total)
        {
            Stop(new UpstreamFault(FaultKind.TotalTimeout, $"the whole answer may take {limits.Total.TotalSeconds:0.###} s"));
            return;
        }

        if (!isBody)
        {
            Next(silence, limits.ResponseHeaders, FaultKind.HeadTimeout, "no response head for");
        }
        else if (Volatile.Read(ref gate) != Free)
        {
            // A slow client holds the stream, or the ping on its way there; that is no silence of the upstream.
            Rearm(ping is null ? limits.Idle : Min(limits.Idle, limits.Ping));
        }
        else if (ping is not null && silence < limits.Idle)
        {
            PingIfDue(silence);
        }
        else
        {
            Next(silence, limits.Idle, FaultKind.IdleTimeout, "nothing came for");
        }
    }

    private void Next(TimeSpan silence, TimeSpan limit, FaultKind kind, string words)
    {
        if (silence >= limit)
        {
            Stop(new UpstreamFault(kind, $"{words} {limit.TotalSeconds:0.###} s"));
            return;
        }

        Rearm(limit - silence);
    }

    private void PingIfDue(TimeSpan silence)
    {
        var sincePing = time.GetElapsedTime(lastPing);
        var quiet = Min(silence, sincePing);
        if (quiet < limits.Ping)
        {
            Rearm(Min(limits.Ping - quiet, limits.Idle - silence));
            return;
        }

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref pingEnded, ended);
        if (Interlocked.CompareExchange(ref gate, Pinging, Free) == Free)
        {
            lastPing = time.GetTimestamp();
            _ = SendPingAsync(ended);
        }
        else
        {
            ended.SetResult();
        }

        Rearm(Min(limits.Ping, limits.Idle - silence));
    }

    private async Task SendPingAsync(TaskCompletionSource ended)
    {
        try
        {
            await ping!();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            // The client has left; the relay learns it by itself.
        }
        finally
        {
            Volatile.Write(ref gate, Free);
            ended.SetResult();
        }
    }

    private void Rearm(TimeSpan due) => timer.Change(Earliest(due), Timeout.InfiniteTimeSpan);

    /// <summary>The sooner of <paramref name="due"/> and what is left of the total limit; at least a millisecond.</summary>
    private TimeSpan Earliest(TimeSpan due)
    {
        var soonest = limits.Total > TimeSpan.Zero ? Min(due, limits.Total - time.GetElapsedTime(exchangeStarted)) : due;
        return soonest < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : soonest;
    }
}
