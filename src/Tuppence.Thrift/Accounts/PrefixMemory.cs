namespace Tuppence.Thrift.Accounts;

/// <summary>The tree of all requests by their blocks' hashes, bounded: what nobody sent for longest is forgotten first. Not safe for parallel use.</summary>
internal sealed class PrefixMemory(int most)
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    private readonly Dictionary<UInt128, PrefixNode> nodes = [];
    private PrefixNode? newest;
    private PrefixNode? oldest;

    public int Count => nodes.Count;

    /// <summary>Whether something was forgotten before it could no longer be alive, so that costs carried on are no bound any more.</summary>
    public bool Overflowed { get; private set; }

    public PrefixNode? Find(UInt128 key) => nodes.GetValueOrDefault(key);

    public void Add(PrefixNode node)
    {
        nodes[node.Key] = node;
        Link(node);
    }

    /// <summary>Makes the blocks of a request the youngest, its first block youngest of all: so children are always forgotten before their parents.</summary>
    public void Touch(ReadOnlySpan<PrefixNode> path)
    {
        for (var i = path.Length - 1; i >= 0; i--)
        {
            if (newest != path[i])
            {
                Unlink(path[i]);
                Link(path[i]);
            }
        }
    }

    /// <summary>Forgets down to the bound.</summary>
    public void Trim(DateTimeOffset now)
    {
        while (nodes.Count > most && oldest is { } node)
        {
            Overflowed |= now - node.LatestVisit <= LongestLife;
            Unlink(node);
            nodes.Remove(node.Key);
        }
    }

    private void Link(PrefixNode node)
    {
        node.Older = newest;
        node.Newer = null;
        newest?.Newer = node;
        newest = node;
        oldest ??= node;
    }

    private void Unlink(PrefixNode node)
    {
        if (node.Newer is null)
        {
            newest = node.Older;
        }
        else
        {
            node.Newer.Older = node.Older;
        }

        if (node.Older is null)
        {
            oldest = node.Newer;
        }
        else
        {
            node.Older.Newer = node.Newer;
        }
    }
}
