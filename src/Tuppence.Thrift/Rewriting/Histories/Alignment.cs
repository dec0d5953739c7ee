namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>Finds the blocks of a request in what was said before: as many as stand in the old order.</summary>
internal static class Alignment
{
    /// <summary>For each block of the request its place in what was said, or -1.</summary>
    public static int[] Of(List<HistoryRequest.Block> blocks, SaidBlock[] said)
    {
        var places = new int[blocks.Count];
        var start = 0;
        while (start < places.Length && start < said.Length && blocks[start].Hash == said[start].Hash)
        {
            places[start] = start++;
        }

        var free = new Dictionary<UInt128, Queue<int>>();
        for (var i = start; i < said.Length; i++)
        {
            if (!free.TryGetValue(said[i].Hash, out var queue))
            {
                free[said[i].Hash] = queue = new Queue<int>();
            }

            queue.Enqueue(i);
        }

        for (var i = start; i < places.Length; i++)
        {
            places[i] = free.TryGetValue(blocks[i].Hash, out var queue) && queue.TryDequeue(out var place) ? place : -1;
        }

        KeepLongestRun(places, start);
        return places;
    }

    // The longest increasing run, by piles: ends[n] is the block that ends the best run of n + 1 blocks.
    private static void KeepLongestRun(int[] places, int start)
    {
        var before = new int[places.Length];
        var ends = new List<int>();
        for (var i = start; i < places.Length; i++)
        {
            if (places[i] < 0)
            {
                continue;
            }

            var (low, high) = (0, ends.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = places[ends[middle]] < places[i] ? (middle + 1, high) : (low, middle);
            }

            before[i] = low == 0 ? -1 : ends[low - 1];
            if (low == ends.Count)
            {
                ends.Add(i);
            }
            else
            {
                ends[low] = i;
            }
        }

        var stays = new bool[places.Length];
        for (var i = ends.Count == 0 ? -1 : ends[^1]; i >= 0; i = before[i])
        {
            stays[i] = true;
        }

        for (var i = start; i < places.Length; i++)
        {
            places[i] = stays[i] ? places[i] : -1;
        }
    }
}
