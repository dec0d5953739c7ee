namespace Tuppence.Exchange;

/// <summary>Counts since the start, for the front page and, later, metrics.</summary>
public sealed class GatewayCounters
{
    private long requests;
    private long retries;
    private long fallbacks;
    private int open;

    /// <summary>Requests that passed the guard.</summary>
    public long Requests => Volatile.Read(ref requests);

    /// <summary>Attempts beyond the first.</summary>
    public long Retries => Volatile.Read(ref retries);

    /// <summary>Requests that went on to another upstream.</summary>
    public long Fallbacks => Volatile.Read(ref fallbacks);

    /// <summary>Requests being answered now.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>Tells that <see cref="Open"/> has changed, on the thread of the request.</summary>
    internal event EventHandler? OpenChanged;

    /// <summary>A request begins.</summary>
    public void Begin()
    {
        Interlocked.Increment(ref requests);
        Interlocked.Increment(ref open);
        OpenChanged?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>A request has ended.</summary>
    public void End()
    {
        Interlocked.Decrement(ref open);
        OpenChanged?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>A request is sent once more.</summary>
    public void CountRetry() => Interlocked.Increment(ref retries);

    /// <summary>A request goes on to another upstream.</summary>
    public void CountFallback() => Interlocked.Increment(ref fallbacks);
}
