namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>
/// Knows what a front end injects at a depth of the history: text that moves with the end of it, or comes up between two messages that
/// were neighbours before. Carried behind the history, it leaves the history one that only grows.
/// </summary>
internal sealed class Wanderers
{
    private const int MostCompared = 256;
    private const int MostKnown = 512;

    private Dictionary<UInt128, long> known = [];
    private UInt128[] previous = [];
    private int[] previousMessages = [];
    private long requests;

    /// <summary>Bytes that are remembered.</summary>
    public int Bytes => (known.Count * 40) + (previous.Length * 20);

    /// <summary>A copy that learns by itself.</summary>
    public Wanderers Copy()
    {
        var copy = (Wanderers)MemberwiseClone();
        copy.known = new Dictionary<UInt128, long>(known);
        return copy;
    }

    /// <summary>Marks in the request what is to be carried, and remembers the request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="moved">Knows which blocks quote moved messages, and which are moved messages that are back.</param>
    public void Mark(HistoryRequest request, MovedMessages moved)
    {
        requests++;
        if (previous.Length > 0)
        {
            Learn(request);
        }

        var blocks = request.Blocks;
        for (var i = 0; i < blocks.Count; i++)
        {
            if (blocks[i].MayMove && !moved.IsBack(blocks[i].Hash) && (moved.IsMemory(blocks[i].Hash) || known.ContainsKey(blocks[i].Hash)))
            {
                known[blocks[i].Hash] = requests;
                request.Carried[i] = true;
            }
        }

        Remember(blocks);
    }

    private void Remember(List<HistoryRequest.Block> blocks)
    {
        previous = new UInt128[blocks.Count];
        previousMessages = new int[blocks.Count];
        for (var i = 0; i < previous.Length; i++)
        {
            previous[i] = blocks[i].Hash;
            previousMessages[i] = blocks[i].Message;
        }

        if (known.Count > MostKnown)
        {
            foreach (var stale in known.OrderBy(static entry => entry.Value).Take(MostKnown / 2).ToList())
            {
                known.Remove(stale.Key);
            }
        }
    }

    private void Learn(HistoryRequest request)
    {
        var blocks = request.Blocks;
        var start = 0;
        while (start < blocks.Count && start < previous.Length && blocks[start].Hash == previous[start])
        {
            start++;
        }

        if (start == previous.Length || start == blocks.Count)
        {
            return;
        }

        start = StartOfDifference(blocks, start, out var from);
        if (blocks.Count - start > MostCompared || previous.Length - from > MostCompared)
        {
            return;
        }

        var places = PlacesBefore(blocks, start, from);
        LearnMoved(blocks, start, places);
        LearnInserted(blocks, start, from - 1, places);
    }

    // Where the window slid the two begin elsewhere: look for the first block of the one in the other.
    private int StartOfDifference(List<HistoryRequest.Block> blocks, int start, out int from)
    {
        from = start;
        if (start > 0)
        {
            return start;
        }

        for (var i = 0; i < previous.Length; i++)
        {
            if (previous[i] != blocks[0].Hash)
            {
                continue;
            }

            from = i;
            while (start < blocks.Count && from < previous.Length && blocks[start].Hash == previous[from])
            {
                start++;
                from++;
            }

            return start;
        }

        return 0;
    }

    /// <summary>For each block from <paramref name="start"/> on its place in the request before, or -1.</summary>
    private int[] PlacesBefore(List<HistoryRequest.Block> blocks, int start, int from)
    {
        var free = new Dictionary<UInt128, Queue<int>>();
        for (var i = from; i < previous.Length; i++)
        {
            if (!free.TryGetValue(previous[i], out var queue))
            {
                free[previous[i]] = queue = new Queue<int>();
            }

            queue.Enqueue(i);
        }

        var places = new int[blocks.Count - start];
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = free.TryGetValue(blocks[start + i].Hash, out var queue) && queue.TryDequeue(out var place) ? place : -1;
        }

        return places;
    }

    /// <summary>What stands outside the longest run in the old order has moved. What kept its distance to the end stands outside rather than what did not, however much of it there is.</summary>
    private void LearnMoved(List<HistoryRequest.Block> blocks, int start, int[] places)
    {
        var weight = new int[places.Length];
        var best = new int[places.Length];
        var before = new int[places.Length];
        var last = -1;
        for (var i = 0; i < places.Length; i++)
        {
            before[i] = -1;
            if (places[i] < 0)
            {
                continue;
            }

            var depth = blocks[^1].Message - blocks[start + i].Message;
            var depthBefore = previousMessages[^1] - previousMessages[places[i]];
            weight[i] = depth == depthBefore ? 1 : MostCompared + 1;
            best[i] = weight[i];
            for (var j = 0; j < i; j++)
            {
                if (places[j] >= 0 && places[j] < places[i] && best[j] + weight[i] > best[i])
                {
                    (best[i], before[i]) = (best[j] + weight[i], j);
                }
            }

            last = last < 0 || best[i] >= best[last] ? i : last;
        }

        var stays = new bool[places.Length];
        for (; last >= 0; last = before[last])
        {
            stays[last] = true;
        }

        for (var i = 0; i < places.Length; i++)
        {
            if (places[i] >= 0 && !stays[i])
            {
                places[i] = -1;
                if (blocks[start + i].MayMove)
                {
                    known[blocks[start + i].Hash] = requests;
                }
            }
        }
    }

    /// <summary>What is new between two blocks that were neighbours was put there.</summary>
    private void LearnInserted(List<HistoryRequest.Block> blocks, int start, int left, int[] places)
    {
        for (var i = 0; i < places.Length;)
        {
            if (places[i] >= 0)
            {
                left = places[i++];
                continue;
            }

            var end = i;
            var mayMove = true;
            while (end < places.Length && places[end] < 0)
            {
                mayMove &= blocks[start + end++].MayMove;
            }

            if (end < places.Length && mayMove && left >= 0 && AreNeighbours(left, places[end]))
            {
                for (var j = i; j < end; j++)
                {
                    known[blocks[start + j].Hash] = requests;
                }
            }

            i = end;
        }
    }

    private bool AreNeighbours(int left, int right)
    {
        for (var i = left + 1; i < right; i++)
        {
            if (!known.ContainsKey(previous[i]))
            {
                return false;
            }
        }

        return right > left;
    }
}
