using System.Runtime.InteropServices;
using Tuppence.State.Ledger;

namespace Tuppence.Accounting;

/// <summary>
/// Tells where the time of a request goes. Until the first byte of the answer's body time is Tuppence's own, but for what is spent
/// between <see cref="Wait"/> and <see cref="Work"/>: waiting for the client, the upstream, a credential or a turn. A mutable struct: keep it in one place.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct RequestClock(TimeProvider time)
{
    private const long PerSecond = 1_000_000;

    private readonly long started = time.GetTimestamp();
    private long workingSince = time.GetTimestamp();
    private long own;
    private long queued;
    private long firstByte;
    private bool waits;

    /// <summary>What follows is waiting.</summary>
    public void Wait()
    {
        if (!waits && firstByte == 0)
        {
            waits = true;
            own += time.GetTimestamp() - workingSince;
        }
    }

    /// <summary>The waiting is over.</summary>
    public void Work()
    {
        if (waits)
        {
            waits = false;
            workingSince = time.GetTimestamp();
        }
    }

    /// <summary>So long the request waited for a place or for its turn.</summary>
    public void Queued(TimeSpan waited) => queued += (long)waited.TotalMicroseconds;

    /// <summary>The first byte of the answer's body is here.</summary>
    public void FirstByte()
    {
        if (firstByte == 0)
        {
            Wait();
            firstByte = Math.Max(started + 1, time.GetTimestamp());
        }
    }

    /// <summary>The durations, at the end of the request.</summary>
    public EntryTimes End()
    {
        Wait();
        return new EntryTimes
        {
            Queue = queued,
            FirstByte = firstByte == 0 ? null : Micros(firstByte - started),
            Total = Micros(time.GetTimestamp() - started),
            Own = Micros(own),
        };
    }

    private readonly long Micros(long ticks) => (long)((Int128)ticks * PerSecond / time.TimestampFrequency);
}
