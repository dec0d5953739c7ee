namespace Tuppence.Exchange;

/// <summary>
/// Which upstream answered a conversation last, so that the next turn finds its prompt cache there. Bounded: the conversation that was
/// quiet the longest is forgotten first. Holds a digest and a name for each, no text.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="capacity">Most conversations, at about 150 bytes each.</param>
public sealed class Affinity(TimeProvider time, int capacity = Affinity.DefaultCapacity)
{
    /// <summary>Most conversations unless asked otherwise.</summary>
    public const int DefaultCapacity = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, LinkedListNode<Entry>> entries = [];
    private readonly LinkedList<Entry> byUse = new();

    /// <summary>Conversations that are remembered.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return entries.Count;
            }
        }
    }

    /// <summary>Name of the upstream that answered the conversation within <paramref name="idle"/>, or null.</summary>
    public string? Find(UInt128 conversation, TimeSpan idle)
    {
        lock (gate)
        {
            return entries.TryGetValue(conversation, out var node) && time.GetElapsedTime(node.Value.At) < idle ? node.Value.Upstream : null;
        }
    }

    /// <summary>Notes that <paramref name="upstream"/> answers the conversation.</summary>
    public void Remember(UInt128 conversation, string upstream)
    {
        var entry = new Entry(conversation, upstream, time.GetTimestamp());
        lock (gate)
        {
            if (entries.TryGetValue(conversation, out var node))
            {
                node.Value = entry;
                byUse.Remove(node);
            }
            else
            {
                node = new LinkedListNode<Entry>(entry);
                entries[conversation] = node;
            }

            byUse.AddFirst(node);
            if (entries.Count > capacity)
            {
                entries.Remove(byUse.Last!.Value.Conversation);
                byUse.RemoveLast();
            }
        }
    }

    private readonly record struct Entry(UInt128 Conversation, string Upstream, long At);
}
