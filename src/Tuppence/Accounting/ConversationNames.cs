using System.Globalization;
using System.IO.Hashing;
using Tuppence.Messages.Requests;

namespace Tuppence.Accounting;

/// <summary>
/// Names of conversations that survive a restart. The planner numbers its lineages anew in each process; a name is made of what begins
/// the conversation (<see cref="ConversationKey"/>) and so comes out the same. Of two that begin alike at a time, the second gets a name
/// of its own from all of its first request. Bounded: the oldest names are forgotten first. Safe for parallel use.
/// </summary>
/// <param name="capacity">Most names, at about 200 bytes each.</param>
internal sealed class ConversationNames(int capacity = 10_000)
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, string> byLineage = [];
    private readonly Dictionary<string, long> owners = new(StringComparer.Ordinal);
    private readonly Queue<long> byAge = new();

    /// <summary>The name of a lineage.</summary>
    /// <param name="lineage">The planner's number.</param>
    /// <param name="body">The request, read only where the lineage has no name yet.</param>
    /// <param name="preset">Name of the preset, or null.</param>
    public string Of(long lineage, ReadOnlyMemory<byte> body, string? preset)
    {
        if (Find(lineage) is { } known)
        {
            return known;
        }

        var name = ConversationKey.TryCompute(body, preset, out var key) ? Text(key) : Text(XxHash128.HashToUInt128(body.Span));
        lock (gate)
        {
            if (owners.TryGetValue(name, out var owner) && owner != lineage)
            {
                name = Text(XxHash128.HashToUInt128(body.Span));
            }

            byLineage[lineage] = name;
            owners.TryAdd(name, lineage);
            byAge.Enqueue(lineage);
            while (byAge.Count > capacity)
            {
                var oldest = byAge.Dequeue();
                if (byLineage.Remove(oldest, out var forgotten) && owners.GetValueOrDefault(forgotten) == oldest)
                {
                    owners.Remove(forgotten);
                }
            }

            return name;
        }
    }

    /// <summary>The name of a lineage, or null where it has none.</summary>
    public string? Find(long lineage)
    {
        lock (gate)
        {
            return byLineage.GetValueOrDefault(lineage);
        }
    }

    // 80 bits: nobody has so many conversations that two of them would share it by chance.
    private static string Text(UInt128 hash) => (hash & ((UInt128.One << 80) - 1)).ToString("x20", CultureInfo.InvariantCulture);
}
