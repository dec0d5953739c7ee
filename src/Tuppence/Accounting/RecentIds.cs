namespace Tuppence.Accounting;

/// <summary>Ids that were seen lately. Bounded: the oldest are forgotten first. Safe for parallel use.</summary>
/// <param name="capacity">Most ids, at about 150 bytes each.</param>
internal sealed class RecentIds(int capacity = 100_000)
{
    private readonly Lock gate = new();
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly Queue<string> byAge = new();

    /// <summary>False where the id is known already.</summary>
    public bool TryAdd(string id)
    {
        lock (gate)
        {
            if (!known.Add(id))
            {
                return false;
            }

            byAge.Enqueue(id);
            while (byAge.Count > capacity)
            {
                known.Remove(byAge.Dequeue());
            }

            return true;
        }
    }
}
