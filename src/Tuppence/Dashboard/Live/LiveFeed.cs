using System.Threading.Channels;

namespace Tuppence.Dashboard.Live;

/// <summary>What one page is still to be told. Bounded: a page that does not keep up loses all of it and is told the state anew.</summary>
internal sealed class LiveFeed
{
    /// <summary>Events that wait at most.</summary>
    public const int MostWaiting = 256;

    private readonly Channel<ReadOnlyMemory<byte>> events = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private int isBehind;

    /// <summary>Adds an event; never waits.</summary>
    public void Tell(ReadOnlyMemory<byte> told)
    {
        if (!events.Writer.TryWrite(told))
        {
            Volatile.Write(ref isBehind, 1);
        }
    }

    /// <summary>Completes when there is an event.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) => events.Reader.WaitToReadAsync(cancellation);

    /// <summary>The next event.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> told) => events.Reader.TryRead(out told);

    /// <summary>True where events were lost; what waits is dropped then, and the page must be told the state anew.</summary>
    public bool TakeBehind()
    {
        if (Interlocked.Exchange(ref isBehind, 0) == 0)
        {
            return false;
        }

        while (events.Reader.TryRead(out _))
        {
            // What is told anew includes it.
        }

        return true;
    }
}
