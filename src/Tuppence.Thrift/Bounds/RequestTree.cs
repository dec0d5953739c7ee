namespace Tuppence.Thrift.Bounds;

/// <summary>All requests in one tree. A node is a run of blocks that the same requests share: breakpoints inside of one are of no use.</summary>
internal sealed class RequestTree
{
    private const int Horizon = 32;

    public RequestTree(IReadOnlyList<TreeRequest> requests)
    {
        Requests = requests;
        FindNodes();
        FindNext();
        FindCandidates();
        PriceTheRest();
    }

    public IReadOnlyList<TreeRequest> Requests { get; }

    /// <summary>How many nodes there are.</summary>
    public int Count { get; private set; }

    /// <summary>Of each node the least that all its requests cost.</summary>
    public long[] Least { get; private set; } = [];

    private void FindNodes()
    {
        var visits = new Dictionary<UInt128, int>();
        foreach (var block in Requests.SelectMany(static request => request.Blocks))
        {
            visits[block.Prefix] = visits.GetValueOrDefault(block.Prefix) + 1;
        }

        var ends = new HashSet<UInt128>();
        foreach (var blocks in Requests.Select(static request => request.Blocks))
        {
            var markable = -1;
            for (var i = 0; i < blocks.Length; i++)
            {
                markable = blocks[i].IsMarkable ? i : markable;
                if (i == blocks.Length - 1 || visits[blocks[i].Prefix] != visits[blocks[i + 1].Prefix])
                {
                    ends.Add(blocks[i].Prefix);
                    ends.Add(blocks[Math.Max(0, markable)].Prefix);
                }
            }
        }

        var numbers = new Dictionary<UInt128, int>();
        foreach (var request in Requests)
        {
            request.Ends = [.. Enumerable.Range(0, request.Blocks.Length).Where(i => ends.Contains(request.Blocks[i].Prefix))];
            request.Nodes = [.. request.Ends.Select(end => Number(request.Blocks[end].Prefix))];
        }

        Count = numbers.Count;

        int Number(UInt128 prefix)
        {
            numbers.TryAdd(prefix, numbers.Count);
            return numbers[prefix];
        }
    }

    private void FindNext()
    {
        var next = new int[Count];
        Array.Fill(next, -1);
        for (var i = Requests.Count - 1; i >= 0; i--)
        {
            var request = Requests[i];
            request.Next = [.. request.Nodes.Select(node => next[node])];
            request.SharedTo = new int[request.Nodes.Length];
            var (shared, of) = (0, -1);
            for (var x = request.Nodes.Length - 1; x >= 0; x--)
            {
                if (request.Next[x] != of)
                {
                    of = request.Next[x];
                    shared = Shared(request, Requests[of]);
                }

                request.SharedTo[x] = shared;
                next[request.Nodes[x]] = i;
            }
        }
    }

    private void FindCandidates()
    {
        for (var i = 0; i < Requests.Count; i++)
        {
            var request = Requests[i];
            var neededAt = new SortedDictionary<int, int>();
            for (var j = i + 1; j < Math.Min(Requests.Count, i + 1 + Horizon); j++)
            {
                if (request.LastMarkable(Shared(request, Requests[j])) is >= 0 and var at)
                {
                    neededAt.TryAdd(at, j);
                }
            }

            request.Candidates = [.. neededAt.Keys];
            request.CandidateNeededAt = [.. neededAt.Values];
        }
    }

    private void PriceTheRest()
    {
        Least = new long[Count];
        for (var i = Requests.Count - 1; i >= 0; i--)
        {
            var request = Requests[i];
            var length = request.Nodes.Length;
            (request.Cold, request.Five, request.Hour) = (new long[length], new long[length], new long[length]);
            for (var x = 0; x < length; x++)
            {
                if (request.Next[x] is >= 0 and var next)
                {
                    var later = Requests[next];
                    var gap = later.At - request.At;
                    request.Cold[x] = Anew(later, x);
                    request.Five[x] = gap <= BlockCourse.ShortLife ? Math.Min(request.Cold[x], later.Prices.CacheRead + later.Five[x]) : request.Cold[x];
                    request.Hour[x] = gap <= BlockCourse.LongLife ? Math.Min(request.Cold[x], later.Prices.CacheRead + later.Hour[x]) : request.Cold[x];
                }

                Least[request.Nodes[x]] = request.TokensOf(x) * Anew(request, x);
            }
        }
    }

    private static long Anew(TreeRequest request, int x) =>
        Math.Min(request.Prices.Input + request.Cold[x], Math.Min(request.Prices.CacheWrite5m + request.Five[x], request.Prices.CacheWrite1h + request.Hour[x]));

    private static int Shared(TreeRequest one, TreeRequest other)
    {
        var x = 0;
        while (x < one.Nodes.Length && x < other.Nodes.Length && one.Nodes[x] == other.Nodes[x])
        {
            x++;
        }

        return x - 1;
    }
}
