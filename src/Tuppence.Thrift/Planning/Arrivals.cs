using System.Runtime.InteropServices;
using Tuppence.Thrift.Planning.Lineages;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Planning;

/// <summary>Finds where a request belongs: the prefix that it shares with earlier ones, the request that it parts from, its conversation.</summary>
internal sealed class Arrivals(PrefixTree tree, RequestPath path, LineageIndex index, GapStatistics gaps, LineageNumbers numbers)
{
    private const double PriorGapWeight = 3;

    private static readonly GapShares ChatGaps = new(0.72, 0.94);
    private static readonly GapShares AgentGaps = new(0.99, 1);

    /// <summary>Looks a request up; remembers nothing of it. Its known nodes stand in the path afterwards.</summary>
    /// <param name="prompt">The request, of one block at least.</param>
    /// <param name="context">Its start, and whether it is a rehearsal.</param>
    public Arrival Find(Prompt prompt, in PlanContext context)
    {
        var blocks = prompt.Blocks;
        var shared = path.Descend(blocks);
        var parent = shared == 0 ? null : tree[path.Nodes[shared - 1]].Visitor;
        var lineage = LineageOf(blocks, shared, parent, context.IsRehearsal);
        var firstMessage = RequestPath.FirstMessage(blocks);
        var visit = new Visit
        {
            At = context.At.UtcTicks,
            Lineage = lineage,
            Blocks = blocks.Length,
            FirstMessage = firstMessage,
            Shape = RequestShape.Of(prompt),
            Run = parent is null || shared < Math.Min(firstMessage + 1, parent.Blocks) ? 0 : parent.Run + 1,
            Seen = firstMessage == 0 || shared < firstMessage ? 0 : tree[path.Nodes[firstMessage - 1]].Visits,
            Number = lineage.Turns,
        };
        return new Arrival(visit, parent, shared);
    }

    /// <summary>Remembers a request: it visits all its prefixes, and its conversation has gone on.</summary>
    public void Remember(ReadOnlySpan<PromptBlock> blocks, in Arrival arrival)
    {
        var (visit, parent, shared) = arrival;
        if (parent is not null)
        {
            gaps.Add(visit.At - parent.At);
        }

        path.Grow(blocks, shared, visit);
        visit.Lineage.Add(visit);
        index.Note(blocks, visit.Lineage);
    }

    private Lineage LineageOf(ReadOnlySpan<PromptBlock> blocks, int shared, Visit? parent, bool isRehearsal)
    {
        if (parent is not null && shared > 0 && blocks[shared - 1].Section == PromptSection.Messages)
        {
            return parent.Lineage;
        }

        return index.Find(blocks)
            ?? new Lineage(isRehearsal ? numbers.Coming : numbers.Take(), gaps.Shares(blocks[0].Kind == BlockKind.Tool ? AgentGaps : ChatGaps, PriorGapWeight));
    }

    /// <summary>Where a request belongs.</summary>
    /// <param name="Visit">The request.</param>
    /// <param name="Parent">The latest request that shares most with it, or null.</param>
    /// <param name="Shared">Blocks that both have, from the first.</param>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Arrival(Visit Visit, Visit? Parent, int Shared);
}
