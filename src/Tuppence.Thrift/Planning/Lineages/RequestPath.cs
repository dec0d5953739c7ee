using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>The nodes of one request in the tree. Keeps its array from request to request.</summary>
internal sealed class RequestPath(PrefixTree tree)
{
    private int[] path = new int[64];
    private int count;

    /// <summary>Nodes of the request's blocks; after <see cref="Descend"/> those of the first blocks that are known are set.</summary>
    public ReadOnlySpan<int> Nodes => path.AsSpan(0, count);

    /// <summary>Index of the first block of the messages.</summary>
    public static int FirstMessage(ReadOnlySpan<PromptBlock> blocks)
    {
        var first = 0;
        while (first < blocks.Length && blocks[first].Section != PromptSection.Messages)
        {
            first++;
        }

        return first;
    }

    /// <summary>Fills the path with the nodes of the first blocks that are known. Answers how many.</summary>
    public int Descend(ReadOnlySpan<PromptBlock> blocks)
    {
        Resize(blocks.Length);
        for (var i = 0; i < blocks.Length; i++)
        {
            if ((path[i] = tree.Find(blocks[i].Prefix)) < 0)
            {
                return i;
            }
        }

        return blocks.Length;
    }

    /// <summary>Tells the earlier requests on the path how much of them this one has.</summary>
    /// <param name="blocks">The request's blocks.</param>
    /// <param name="shared">How many of them are on the path.</param>
    /// <param name="visit">The request.</param>
    /// <param name="before">Takes each request that is told, and what it was before, where that is to be taken back.</param>
    public void RecordSteps(ReadOnlySpan<PromptBlock> blocks, int shared, Visit visit, Stack<(Visit Visit, Visit.Mark Mark)>? before = null)
    {
        for (var i = 0; i < shared; i++)
        {
            var earlier = tree[path[i]].Visitor;
            if (earlier is null || (i + 1 < shared && tree[path[i + 1]].Visitor == earlier))
            {
                continue;
            }

            before?.Push((earlier, earlier.Now));
            var depth = i + 1;
            var fromEnd = depth > earlier.FirstMessage || (depth == earlier.FirstMessage && earlier.Blocks - depth <= 6);
            earlier.Add(new VisitStep(depth, blocks[i].Hash, fromEnd, visit.At - earlier.At, visit.Blocks - earlier.Blocks, earlier.Lineage == visit.Lineage ? (int)(visit.Number - earlier.Number) : 1));
        }
    }

    /// <summary>Adds the blocks that are new, and visits all.</summary>
    public void Grow(ReadOnlySpan<PromptBlock> blocks, int shared, Visit visit)
    {
        for (var i = 0; i < blocks.Length; i++)
        {
            if (i >= shared)
            {
                path[i] = tree.Add(blocks[i].Prefix, i == 0 ? -1 : path[i - 1], blocks[i].EndTokens);
            }

            ref var node = ref tree[path[i]];
            node.Visitor = visit;
            node.Visits++;
            node.VisitedAt = Math.Max(node.VisitedAt, visit.At);
        }
    }

    /// <summary>Finds the nodes of a turn again. False where they were dropped since.</summary>
    public bool TryFind(PlannedTurn turn, out ReadOnlySpan<int> nodes)
    {
        nodes = default;
        if (turn.BlockCount == 0 || tree.Find(turn.Leaf.Prefix) != turn.Leaf.Node)
        {
            return false;
        }

        Resize(turn.BlockCount);
        var node = turn.Leaf.Node;
        for (var i = turn.BlockCount - 1; i >= 0; i--)
        {
            path[i] = node;
            node = tree[node].Parent;
        }

        nodes = Nodes;
        return true;
    }

    private void Resize(int blocks)
    {
        count = blocks;
        if (path.Length < blocks)
        {
            path = new int[blocks * 2];
        }
    }
}
