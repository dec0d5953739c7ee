using Tuppence.Thrift.Planning.Choosing;
using Tuppence.Thrift.Planning.Lineages;
using Tuppence.Thrift.Planning.Mirrors;
using Tuppence.Thrift.Planning.Snapshots;
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
    private readonly RequestPath path;
    private readonly ProviderMirror mirror;
    private readonly LineageIndex index = new();
    private readonly SurvivalForecast survival = new();
    private readonly GapStatistics gaps = new();
    private readonly SpendingGuard guard = new();
    private readonly Correction correction;
    private readonly Placement placement;
    private readonly List<Visit> pool = [];
    private readonly Dictionary<UInt128, TokenScale> scales = [];
    private long lineages;

    public ScopePlanner()
    {
        path = new RequestPath(tree);
        mirror = new ProviderMirror(tree);
        correction = new Correction(tree, mirror);
        placement = new Placement(tree, survival, guard);
    }

    /// <summary>With what an earlier one had learned.</summary>
    public ScopePlanner(ScopeReader reader)
        : this()
    {
        var memory = Memory();
        reader.Read(memory);
        (lineages, mirror.Serial) = (memory.Lineages, memory.Serial);
    }

    /// <summary>Writes what was learned.</summary>
    public void Write(ScopeWriter writer)
    {
        lock (gate)
        {
            writer.Write(Memory());
        }
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
                ScaleOf(turn.Model).Add(turn.Estimated, turn.BlockCount, reported.Tokens);
                if (path.TryFind(turn, out var nodes))
                {
                    correction.Correct(turn, reported, nodes);
                }
            }
        }
    }

    /// <inheritdoc cref="BreakpointPlanner.Refresh"/>
    public void Refresh(PlannedTurn turn, in CacheBill reported, DateTimeOffset at)
    {
        lock (gate)
        {
            if (reported.Tokens > 0 && path.TryFind(turn, out var nodes))
            {
                correction.Refresh(turn, reported, nodes, at.UtcTicks);
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

            if (path.TryFind(turn, out var nodes))
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
        var shared = path.Descend(blocks);
        var parent = shared == 0 ? null : tree[path.Nodes[shared - 1]].Visitor;
        var lineage = LineageOf(blocks, shared, parent);
        var firstMessage = RequestPath.FirstMessage(blocks);
        var visit = new Visit
        {
            At = now,
            Lineage = lineage,
            Blocks = blocks.Length,
            FirstMessage = firstMessage,
            Shape = RequestShape.Of(prompt),
            Run = parent is null || shared < Math.Min(firstMessage + 1, parent.Blocks) ? 0 : parent.Run + 1,
            Seen = firstMessage == 0 || shared < firstMessage ? 0 : tree[path.Nodes[firstMessage - 1]].Visits,
            Number = lineage.Turns,
        };
        path.RecordSteps(blocks, shared, visit);
        if (parent is not null)
        {
            lineage.Gaps.Add(now - parent.At);
            gaps.Add(now - parent.At);
        }

        survival.Make(prompt, visit, pool, now);
        var view = mirror.View(path.Nodes[..shared], now);
        var tokens = ScaleOf(prompt.Root).Of(prompt.Tokens, blocks.Length);
        var least = tokens == 0 ? context.MinTokens : (int)Math.Ceiling(context.MinTokens * (double)prompt.Tokens / tokens);
        var priced = context with { Prices = context.PricesFor(tokens) };
        var breakpoints = context.Level == CacheLevel.Respect ? prompt.Breakpoints.ToArray() : placement.Choose(prompt, priced, lineage, view, path.Nodes[..shared], Careful(prompt, least));
        path.Grow(blocks, shared, visit);
        return Note(prompt, context, visit, parent, shared, view, breakpoints, least);
    }

    private ScopeMemory Memory() => new(tree, index, gaps, guard, pool, scales) { Lineages = lineages, Serial = mirror.Serial };

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

    private Lineage LineageOf(ReadOnlySpan<PromptBlock> blocks, int shared, Visit? parent)
    {
        if (parent is not null && shared > 0 && blocks[shared - 1].Section == PromptSection.Messages)
        {
            return parent.Lineage;
        }

        return index.Find(blocks) ?? new Lineage(++lineages, gaps.Shares(blocks[0].Kind == BlockKind.Tool ? AgentGaps : ChatGaps, PriorGapWeight));
    }

    private PlannedTurn Note(Prompt prompt, in PlanContext context, Visit visit, Visit? parent, int shared, in MirrorView view, Breakpoint[] breakpoints, int least)
    {
        var blocks = prompt.Blocks;
        Span<Breakpoint> room = stackalloc Breakpoint[BreakpointRules.Most];
        var holding = Foreseen.Holding(prompt, breakpoints, context.Level == CacheLevel.Respect ? prompt.Automatic : null, least, room);
        var nodes = path.Nodes;
        var hit = mirror.Reached(blocks, holding, nodes, view, visit.At);
        var from = mirror.Serial;
        mirror.Apply(nodes, hit, holding, visit.At);
        var forecast = Foreseen.Bill(blocks, hit, holding, ScaleOf(prompt.Root));
        var premium = context.CostOf(forecast) - (forecast.Tokens * context.PricesFor(forecast.Tokens).Input);
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
            Leaf = (path.Nodes[^1], blocks[^1].Prefix),
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
}
