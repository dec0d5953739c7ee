namespace Tuppence.Emulator.Replies;

/// <summary>Exact replies that wait for the next messages, first in, first out. Safe for parallel use.</summary>
internal sealed class ReplyQueue
{
    /// <summary>Most replies that may wait.</summary>
    public const int Limit = 1000;

    private readonly Lock gate = new();
    private readonly Queue<Reply> waiting = new();

    /// <summary>Those that wait.</summary>
    public IReadOnlyList<Reply> Waiting
    {
        get
        {
            lock (gate)
            {
                return [.. waiting];
            }
        }
    }

    /// <summary>Appends all of them, or none where they would not fit.</summary>
    public bool TryAdd(IReadOnlyCollection<Reply> replies)
    {
        lock (gate)
        {
            if (waiting.Count + replies.Count > Limit)
            {
                return false;
            }

            foreach (var reply in replies)
            {
                waiting.Enqueue(reply);
            }

            return true;
        }
    }

    /// <summary>The next one.</summary>
    public Reply? Take()
    {
        lock (gate)
        {
            return waiting.TryDequeue(out var reply) ? reply : null;
        }
    }

    /// <summary>Forgets them all.</summary>
    public void Clear()
    {
        lock (gate)
        {
            waiting.Clear();
        }
    }
}
