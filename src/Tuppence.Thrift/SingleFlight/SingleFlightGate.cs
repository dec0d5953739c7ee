namespace Tuppence.Thrift.SingleFlight;

/// <summary>
/// Lets one request of several with the same beginning go first; the others wait until what it wrote can be read, and then pay
/// the price of reading instead of writing it all once more. Safe for parallel use.
/// </summary>
/// <remarks>
/// Nobody waits longer than <see cref="SingleFlightOptions.LongestWait"/>, however often the first one fails meanwhile. A key is
/// held only while its first request has not begun to answer, so there is nothing to clean up.
/// </remarks>
/// <param name="options">Bounds.</param>
/// <param name="time">Measures the waiting.</param>
public sealed class SingleFlightGate(SingleFlightOptions options, TimeProvider time)
{
    private readonly Dictionary<(string Scope, UInt128 Prefix), TaskCompletionSource<bool>> flying = [];

    /// <summary>Prefixes that somebody may have to wait for at this moment.</summary>
    public int Count
    {
        get
        {
            lock (flying)
            {
                return flying.Count;
            }
        }
    }

    /// <summary>Waits where waiting pays, and answers with the leave to be sent. Dispose of it when the request is over, come what may.</summary>
    /// <param name="ticket">What the request is about to write.</param>
    /// <param name="cancellation">The client's leaving.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> ended the wait; others are not held up by it.</exception>
    public async ValueTask<Flight> EnterAsync(FlightTicket ticket, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (ticket.Saving < options.LeastSaving)
        {
            return new Flight(TimeSpan.Zero);
        }

        var key = (ticket.Scope, ticket.Prefix);
        return Lead(key, TimeSpan.Zero, out var first) ?? await FollowAsync(key, first, cancellation).ConfigureAwait(false);
    }

    private async Task<Flight> FollowAsync((string Scope, UInt128 Prefix) key, Task<bool> first, CancellationToken cancellation)
    {
        // Armed once, before anything is awaited: the bound holds for the waiting in all.
        using var bound = new CancellationTokenSource(options.LongestWait, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellation);
        var began = time.GetTimestamp();
        while (await HasFailedAsync(first, over.Token, cancellation).ConfigureAwait(false))
        {
            if (Lead(key, time.GetElapsedTime(began), out first) is { } flight)
            {
                return flight;
            }
        }

        return new Flight(time.GetElapsedTime(began));
    }

    internal void End((string Scope, UInt128 Prefix) key, TaskCompletionSource<bool> landing, bool readable)
    {
        lock (flying)
        {
            if (flying.TryGetValue(key, out var current) && current == landing)
            {
                flying.Remove(key);
            }
        }

        // Outside of the lock, and the waiting go on elsewhere: see the source's options.
        landing.TrySetResult(readable);
    }

    private Flight? Lead((string Scope, UInt128 Prefix) key, TimeSpan waited, out Task<bool> first)
    {
        lock (flying)
        {
            if (flying.TryGetValue(key, out var landing))
            {
                first = landing.Task;
                return null;
            }

            landing = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            flying.Add(key, landing);
            first = landing.Task;
            return new Flight(this, key, landing, waited);
        }
    }

    /// <summary>True where the first one failed, so that somebody else has to go first; false where the wait is over for good.</summary>
    private static async Task<bool> HasFailedAsync(Task<bool> first, CancellationToken over, CancellationToken cancellation)
    {
        try
        {
            return !await first.WaitAsync(over).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return false;
        }
    }
}
