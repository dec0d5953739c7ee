using System.Runtime.CompilerServices;

namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>All prefixes of recent requests of one scope, found by hash. Bounded: the least recently used ones go.</summary>
/// <remarks>Nodes stand in one array and are named by index, so that a request adds no objects. Not safe for parallel use.</remarks>
internal sealed class PrefixTree(int mostNodes)
{
    private int[] buckets = NewBuckets(256);
    private PrefixNode[] nodes = new PrefixNode[256];
    private int used;
    private int free = -1;

    /// <summary>Nodes in use.</summary>
    public int Count { get; private set; }

    /// <summary>The node of an index.</summary>
    public ref PrefixNode this[int index] => ref nodes[index];

    /// <summary>Index of the node of a prefix, or -1.</summary>
    public int Find(UInt128 prefix)
    {
        for (var i = buckets[Bucket(prefix)]; i >= 0; i = nodes[i].Next)
        {
            if (nodes[i].Prefix == prefix)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Adds a prefix that is not there yet. References to nodes become stale.</summary>
    public int Add(UInt128 prefix, int parent, int endTokens)
    {
        var index = free;
        if (index >= 0)
        {
            free = nodes[index].Next;
        }
        else
        {
            if (used == nodes.Length)
            {
                Grow();
            }

            index = used++;
        }

        Count++;
        ref var bucket = ref buckets[Bucket(prefix)];
        nodes[index] = new PrefixNode { Prefix = prefix, Parent = parent, Next = bucket, EndTokens = endTokens, ReadableFrom = long.MaxValue };
        bucket = index;
        return index;
    }

    /// <summary>Makes room where <paramref name="coming"/> more nodes would be too many: drops what was not visited for longest.</summary>
    /// <remarks>A prefix is visited no earlier than any longer one, so what stays is always rooted.</remarks>
    public void MakeRoom(int coming, long now)
    {
        if (Count + coming <= mostNodes)
        {
            return;
        }

        // A quarter at once keeps the cost of a request constant in the mean.
        var times = new long[Count];
        var n = 0;
        for (var i = 0; i < used; i++)
        {
            if (nodes[i].Visitor is not null)
            {
                times[n++] = nodes[i].VisitedAt;
            }
        }

        Array.Sort(times, 0, n);
        DropVisitedBefore(n == 0 ? now : times[Math.Min(n - 1, Math.Max(n / 4, coming))]);
    }

    /// <summary>Drops all nodes that were visited last before a time.</summary>
    public void DropVisitedBefore(long time)
    {
        Array.Fill(buckets, -1);
        free = -1;
        Count = 0;
        for (var i = 0; i < used; i++)
        {
            ref var node = ref nodes[i];
            if (node.Visitor is null || node.VisitedAt < time)
            {
                node = new PrefixNode { Next = free, Parent = -1 };
                free = i;
                continue;
            }

            ref var bucket = ref buckets[Bucket(node.Prefix)];
            node.Next = bucket;
            bucket = i;
            Count++;
        }
    }

    /// <summary>All indices in use.</summary>
    public IEnumerable<int> Indices()
    {
        for (var i = 0; i < used; i++)
        {
            if (nodes[i].Visitor is not null)
            {
                yield return i;
            }
        }
    }

    private static int[] NewBuckets(int count)
    {
        var made = new int[count];
        Array.Fill(made, -1);
        return made;
    }

    private void Grow()
    {
        Array.Resize(ref nodes, nodes.Length * 2);
        buckets = NewBuckets(nodes.Length);
        for (var i = 0; i < used; i++)
        {
            if (nodes[i].Visitor is not null)
            {
                ref var bucket = ref buckets[Bucket(nodes[i].Prefix)];
                nodes[i].Next = bucket;
                bucket = i;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Bucket(UInt128 prefix) => (int)((ulong)prefix & (ulong)(uint)(buckets.Length - 1));
}
