using Tuppence.State.Ledger;
using Tuppence.Telemetry;

namespace Tuppence.Accounting;

/// <summary>Tells each sink of each request. What one of them throws is logged and keeps no other from hearing of it. Safe for parallel use.</summary>
internal sealed class RequestSinks(ILogger log)
{
    private readonly Lock gate = new();
    private volatile IRequestSink[] sinks = [];

    /// <summary>True where nobody listens, so that nothing need be gathered.</summary>
    public bool IsEmpty => sinks.Length == 0;

    /// <summary>Has <paramref name="sink"/> hear of every request that begins from now on, and of the end of those under way.</summary>
    public void Add(IRequestSink sink)
    {
        lock (gate)
        {
            sinks = [.. sinks, sink];
        }
    }

    /// <summary>Tells <paramref name="sink"/> nothing any more.</summary>
    public void Remove(IRequestSink sink)
    {
        lock (gate)
        {
            sinks = [.. sinks.Where(one => one != sink)];
        }
    }

    /// <inheritdoc cref="IRequestSink.Began"/>
    public void Began(OpenRequest request)
    {
        foreach (var sink in sinks)
        {
            try
            {
                sink.Began(request);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Log.SinkFailed(log, sink.GetType().Name, e);
            }
        }
    }

    /// <inheritdoc cref="IRequestSink.Advanced"/>
    public void Advanced(OpenRequest request)
    {
        foreach (var sink in sinks)
        {
            try
            {
                sink.Advanced(request);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Log.SinkFailed(log, sink.GetType().Name, e);
            }
        }
    }

    /// <inheritdoc cref="IRequestSink.Ended"/>
    public void Ended(OpenRequest request, LedgerEntry entry)
    {
        foreach (var sink in sinks)
        {
            try
            {
                sink.Ended(request, entry);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Log.SinkFailed(log, sink.GetType().Name, e);
            }
        }
    }
}
