using Tuppence.Thrift.Planning.Choosing;
using Tuppence.Thrift.Planning.Lineages;
using Tuppence.Thrift.Planning.Mirrors;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Planning;

/// <summary>Plans the requests that share one cache.</summary>
internal sealed class ScopePlanner
{
    private const int MostNodes = 1 << 19;
    private const int Pooled = 48;
    private const double PriorGapWeight = 3;

    private static readonly GapShares ChatGaps = new(0.72, 0.94);
    private static readonly GapShares AgentGaps = new(0.99, 1);

    private readonly Lock gate = new();
    private readonly PrefixTree tree = new(MostNodes);
    private readonly ProviderMirror mirror;
    private readonly LineageIndex index = new();
    private readonly SurvivalForecast survival = new();
    private readonly GapStatistics gaps = new();
    private readonly SpendingGuard guard = new();
    private readonly Correction correction;
    private readonly Placement placement;
    private readonly List<Visit> pool = [];
    private readonly Dictionary<UInt128, TokenScale> scales = [];
    private int[] path = new int[64];
    private long lineages;

    public ScopePlanner()
    {
        mirror = new ProviderMirror(tree);
        correction = new Correction(tree, mirror);
        placement = new Placement(tree, survival, guard);
    }

    /// <inheritdoc cref="BreakpointPlanner.Plan"/>
    public PlannedTurn Plan(Prompt prompt, in PlanContext context)
    {
        lock (gate)
        {
            return PlanAlone(prompt, context);
        }
    }

    /// <inheritdoc cref="BreakpointPlanner.Settle"/>
    public void Settle(PlannedTurn turn, in CacheBill reported)
    {
        lock (gate)
        {
            if (!turn.IsClosed)
            {
                turn.IsClosed = true;
                guard.Settle(turn, reported);
                ScaleOf(turn.Model).Add(turn.Estimated, reported.Tokens);
                if (TryPath(turn, out var nodes))
                {
                    correction.Correct(turn, reported, nodes);
                }
            }
        }
    }

    /// <inheritdoc cref="BreakpointPlanner.Abandon"/>
    public void Abandon(PlannedTurn turn)
    {
        lock (gate)
        {
            if (turn.IsClosed)
            {
                return;
            }

            turn.IsClosed = true;
            guard.Release(turn);
            if (turn.Visit is { } visit)
            {
                visit.IsAbandoned = true;
                visit.Lineage.Remove(visit);
                pool.Remove(visit);
            }

            if (TryPath(turn, out var nodes))
            {
                mirror.Undo(nodes, turn.Writings.From, turn.Writings.To);
            }
        }
    }

    private PlannedTurn PlanAlone(Prompt prompt, in PlanContext context)
    {
        var blocks = prompt.Blocks;
        var now = context.At.UtcTicks;
        if (blocks.IsEmpty)
        {
            return new PlannedTurn { Lineage = 0, At = context.At, Context = context, Breakpoints = [], Forecast = default, BlockCount = 0, Hit = -1 };
        }

        tree.MakeRoom(blocks.Length, now);
        if (path.Length < blocks.Length)
        {
            path = new int[blocks.Length * 2];
        }

        var shared = Descend(blocks);
        var parent = shared == 0 ? null : tree[path[shared - 1]].Visitor;
        var lineage = LineageOf(blocks, shared, parent);
        var firstMessage = FirstMessage(blocks);
        var visit = new Visit
        {
            At = now,
            Lineage = lineage,
            Blocks = blocks.Length,
            FirstMessage = firstMessage,
            Shape = RequestShape.Of(prompt),
            Run = parent is null || shared < Math.Min(firstMessage + 1, parent.Blocks) ? 0 : parent.Run + 1,
            Seen = firstMessage == 0 || shared < firstMessage ? 0 : tree[path[firstMessage - 1]].Visits,
            Number = lineage.Turns,
        };
        RecordSteps(blocks, shared, visit);
        if (parent is not null)
        {
            lineage.Gaps.Add(now - parent.At);
            gaps.Add(now - parent.At);
        }

        survival.Make(prompt, visit, pool, now);
        var view = mirror.View(path.AsSpan(0, shared), now);
        var least = (int)Math.Ceiling(context.MinTokens / ScaleOf(prompt.Root).Value);
        var breakpoints = context.Level == CacheLevel.Respect ? prompt.Breakpoints.ToArray() : placement.Choose(prompt, context, lineage, view, path.AsSpan(0, shared), Careful(prompt, least));
        Grow(blocks, shared, visit);
        return Note(prompt, context, visit, parent, shared, view, breakpoints, least);
    }

    private TokenScale ScaleOf(UInt128 model)
    {
        if (!scales.TryGetValue(model, out var scale))
        {
            scales[model] = scale = new TokenScale();
        }

        return scale;
    }

    /// <summary>Where tokens are estimated, a breakpoint just above the minimum may turn out to be below it.</summary>
    private static int Careful(Prompt prompt, int least) => prompt.IsExact ? least : (int)(least * 1.1);

    /// <summary>Fills the path with the nodes of the first blocks that are known. Answers how many.</summary>
    private int Descend(ReadOnlySpan<PromptBlock> blocks)
    {
        for (var i = 0; i < blocks.Length; i++)
        {
            if ((path[i] = tree.Find(blocks[i].Prefix)) < 0)
            {
                return i;
            }
        }

        return blocks.Length;
    }

    private Lineage LineageOf(ReadOnlySpan<PromptBlock> blocks, int shared, Visit? parent)
    {
        if (parent is not null && shared > 0 && blocks[shared - 1].Section == PromptSection.Messages)
        {
            return parent.Lineage;
        }

        return index.Find(blocks) ?? new Lineage(++lineages, gaps.Shares(blocks[0].Kind == BlockKind.Tool ? AgentGaps : ChatGaps, PriorGapWeight));
    }

    private static int FirstMessage(ReadOnlySpan<PromptBlock> blocks)
    {
        var first = 0;
        while (first < blocks.Length && blocks[first].Section != PromptSection.Messages)
        {
            first++;
        }

        return first;
    }

    private void RecordSteps(ReadOnlySpan<PromptBlock> blocks, int shared, Visit visit)
    {
        for (var i = 0; i < shared; i++)
        {
            var earlier = tree[path[i]].Visitor;
            if (earlier is null || (i + 1 < shared && tree[path[i + 1]].Visitor == earlier))
            {
                continue;
            }

            var depth = i + 1;
            var fromEnd = depth > earlier.FirstMessage || (depth == earlier.FirstMessage && earlier.Blocks - depth <= 6);
            earlier.Add(new VisitStep(depth, blocks[i].Hash, fromEnd, visit.At - earlier.At, visit.Blocks - earlier.Blocks, earlier.Lineage == visit.Lineage ? (int)(visit.Number - earlier.Number) : 1));
        }
    }

    private void Grow(ReadOnlySpan<PromptBlock> blocks, int shared, Visit visit)
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

    private PlannedTurn Note(Prompt prompt, in PlanContext context, Visit visit, Visit? parent, int shared, in MirrorView view, Breakpoint[] breakpoints, int least)
    {
        var blocks = prompt.Blocks;
        Span<Breakpoint> room = stackalloc Breakpoint[BreakpointRules.Most];
        var holding = Foreseen.Holding(prompt, breakpoints, context.Level == CacheLevel.Respect ? prompt.Automatic : null, least, room);
        var nodes = path.AsSpan(0, blocks.Length);
        var hit = mirror.Reached(blocks, holding, nodes, view, visit.At);
        var from = mirror.Serial;
        mirror.Apply(nodes, hit, holding, visit.At);
        var forecast = Foreseen.Bill(blocks, hit, holding, prompt.Tokens, ScaleOf(prompt.Root).Value);
        var premium = forecast.Cost(context.Prices) - (forecast.Tokens * context.Prices.Input);
        var turn = new PlannedTurn
        {
            Lineage = visit.Lineage.Id,
            At = context.At,
            Context = context,
            Breakpoints = breakpoints,
            Forecast = forecast,
            Divergence = parent is null ? null : shared,
            Parent = parent?.Turn,
            BlockCount = blocks.Length,
            Visit = visit,
            Leaf = (path[blocks.Length - 1], blocks[^1].Prefix),
            Hit = hit,
            Estimated = prompt.Tokens,
            MinEstimated = least,
            Model = prompt.Root,
            Writings = (from, mirror.Serial),
            Reserved = Math.Max(0, premium),
        };
        visit.Turn = turn;
        visit.Lineage.Add(visit);
        guard.Reserve(visit, turn.Reserved);
        index.Note(blocks, visit.Lineage);
        pool.Add(visit);
        if (pool.Count > Pooled)
        {
            pool.RemoveAt(0);
        }

        return turn;
    }

    /// <summary>Finds the nodes of a turn again. False where they were dropped since.</summary>
    private bool TryPath(PlannedTurn turn, out ReadOnlySpan<int> nodes)
    {
        nodes = default;
        if (turn.BlockCount == 0 || tree.Find(turn.Leaf.Prefix) != turn.Leaf.Node)
        {
            return false;
        }

        if (path.Length < turn.BlockCount)
        {
            path = new int[turn.BlockCount * 2];
        }

        var node = turn.Leaf.Node;
        for (var i = turn.BlockCount - 1; i >= 0; i--)
        {
            path[i] = node;
            node = tree[node].Parent;
        }

        nodes = path.AsSpan(0, turn.BlockCount);
        return true;
    }
}
