using System.Runtime.InteropServices;

namespace Tuppence.Thrift.SingleFlight;

/// <summary>
/// Lets one request of several with the same beginning go first; the others wait until what it wrote can be read, and then pay
/// the price of reading instead of writing it all once more. Safe for parallel use.
/// </summary>
/// <remarks>
/// Nobody waits longer than <see cref="SingleFlightOptions.LongestWait"/>, however often the first one fails meanwhile. A prefix is
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
    /// <param name="ticket">What the request is about to read and write.</param>
    /// <param name="cancellation">The client's leaving.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> ended the wait; others are not held up by it.</exception>
    public async ValueTask<Flight> EnterAsync(FlightTicket ticket, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ticket);
        cancellation.ThrowIfCancellationRequested();
        return Depart(ticket, writesItself: false, TimeSpan.Zero, out var first) ?? await FollowAsync(ticket, first, cancellation).ConfigureAwait(false);
    }

    private async Task<Flight> FollowAsync(FlightTicket ticket, Leader first, CancellationToken cancellation)
    {
        // Armed once, before anything is awaited: the bound holds for the waiting in all.
        using var bound = new CancellationTokenSource(options.LongestWait, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellation);
        var began = time.GetTimestamp();
        var hasFailed = false;
        while (await WaitAsync(first.Landing.Task, over.Token, cancellation).ConfigureAwait(false) is { } isReadable)
        {
            if (isReadable && first.WritesTheSame)
            {
                break;
            }

            // Where the first one failed, nobody has written what it was to write.
            hasFailed |= !isReadable;
            if (Depart(ticket, hasFailed, time.GetElapsedTime(began), out first) is { } flight)
            {
                return flight;
            }
        }

        return new Flight(time.GetElapsedTime(began));
    }

    internal void End(string scope, IReadOnlyList<UInt128> prefixes, TaskCompletionSource<bool> landing, bool readable)
    {
        lock (flying)
        {
            foreach (var prefix in prefixes)
            {
                if (flying.TryGetValue((scope, prefix), out var current) && current == landing)
                {
                    flying.Remove((scope, prefix));
                }
            }
        }

        // Outside of the lock, and the waiting go on elsewhere: see the source's options.
        landing.TrySetResult(readable);
    }

    /// <summary>The leave to be sent; null where another one is to be waited for first.</summary>
    private Flight? Depart(FlightTicket ticket, bool writesItself, TimeSpan waited, out Leader first)
    {
        lock (flying)
        {
            if (TryFind(ticket, out first))
            {
                return null;
            }

            IReadOnlyList<UInt128> prefixes = writesItself && ticket.Reads is { } read ? [read, .. ticket.Writes] : ticket.Writes;
            if (prefixes.Count == 0 || (ticket.Saving < options.LeastSaving && !writesItself))
            {
                return new Flight(waited);
            }

            var landing = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            foreach (var prefix in prefixes)
            {
                flying[(ticket.Scope, prefix)] = landing;
            }

            return new Flight(this, ticket.Scope, prefixes, landing, waited);
        }
    }

    private bool TryFind(FlightTicket ticket, out Leader first)
    {
        if (ticket.Reads is { } read && flying.TryGetValue((ticket.Scope, read), out var landing))
        {
            first = new Leader(landing, WritesTheSame: false);
            return true;
        }

        // Planned before the other one was known of, and yet about to write the same.
        for (var i = ticket.Writes.Count - 1; i >= 0; i--)
        {
            if (flying.TryGetValue((ticket.Scope, ticket.Writes[i]), out landing))
            {
                first = new Leader(landing, WritesTheSame: true);
                return true;
            }
        }

        first = default;
        return false;
    }

    /// <summary>Whether what the first one wrote can be read, or it failed; null where the wait is over for good.</summary>
    private static async Task<bool?> WaitAsync(Task<bool> first, CancellationToken over, CancellationToken cancellation)
    {
        try
        {
            return await first.WaitAsync(over).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>The request that is waited for.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Leader(TaskCompletionSource<bool> Landing, bool WritesTheSame);
}
