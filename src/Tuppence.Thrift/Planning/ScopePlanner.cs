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
    /// <summary>Most prefixes that are remembered.</summary>
    public const int MostNodes = 1 << 19;

    private const int Pooled = 48;

    private readonly Lock gate = new();
    private readonly PrefixTree tree = new(MostNodes);
    private readonly RequestPath path;
    private readonly ProviderMirror mirror;
    private readonly LineageIndex index = new();
    private readonly SurvivalForecast survival = new();
    private readonly GapStatistics gaps = new();
    private readonly SpendingGuard guard = new();
    private readonly LossRate losses = new();
    private readonly Correction correction;
    private readonly Placement placement;
    private readonly Arrivals arrivals;
    private readonly List<Visit> pool = [];
    private readonly TokenScales scales = new();

    /// <summary>With nothing learned.</summary>
    /// <param name="numbers">Numbers its conversations.</param>
    public ScopePlanner(LineageNumbers numbers)
    {
        path = new RequestPath(tree);
        mirror = new ProviderMirror(tree);
        correction = new Correction(tree, mirror);
        placement = new Placement(tree, survival, guard, losses);
        arrivals = new Arrivals(tree, path, index, gaps, numbers);
    }

    /// <summary>With what an earlier one had learned.</summary>
    public ScopePlanner(LineageNumbers numbers, ScopeReader reader)
        : this(numbers)
    {
        var memory = Memory();
        reader.Read(memory);
        mirror.Serial = memory.Serial;
    }

    /// <summary>Prefixes that are remembered; read without a lock, so it may be a request behind.</summary>
    public int Nodes => tree.Count;

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
                losses.Add(turn.Forecast.Read, reported.Read);
                scales.Add(turn.Model, turn.Estimated, turn.BlockCount, reported.Tokens);
                if (path.TryFind(turn, out var nodes))
                {
                    correction.Correct(turn, reported, nodes);
                    mirror.Began(nodes, turn.Hit, turn.Placed, turn.At.UtcTicks);
                }
            }
        }
    }

    /// <inheritdoc cref="BreakpointPlanner.Refresh"/>
    public void Refresh(PlannedTurn turn, in CacheBill reported, DateTimeOffset at)
    {
        lock (gate)
        {
            if (!turn.Context.IsRehearsal && reported.Tokens > 0 && path.TryFind(turn, out var nodes))
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
            return new PlannedTurn { Lineage = 0, At = context.At, Context = context, Breakpoints = [], Forecast = default, BlockCount = 0, Hit = -1, IsClosed = context.IsRehearsal };
        }

        if (!context.IsRehearsal)
        {
            tree.MakeRoom(blocks.Length, now);
        }

        var arrival = arrivals.Find(prompt, context);
        Forecast(prompt, arrival, context.IsRehearsal);
        var known = path.Nodes[..arrival.Shared];
        var view = mirror.View(known, now, context.AwaitsWrites);
        var tokens = scales[prompt.Root].Of(prompt.Tokens, blocks.Length);
        var least = tokens == 0 ? context.MinTokens : (int)Math.Ceiling(context.MinTokens * (double)prompt.Tokens / tokens);
        var priced = context with { Prices = context.PricesFor(tokens) };
        var breakpoints = context.Level == CacheLevel.Respect ? prompt.Breakpoints.ToArray() : placement.Choose(prompt, priced, arrival.Visit.Lineage, view, known, Careful(prompt, least));
        return Note(prompt, context, arrival, view, breakpoints, least);
    }

    /// <summary>Forecasts what becomes of the request's prefixes. In it the request itself already counts as what became of earlier ones; a rehearsal takes that back.</summary>
    private void Forecast(Prompt prompt, in Arrivals.Arrival arrival, bool isRehearsal)
    {
        var undone = isRehearsal ? new Stack<(Visit Visit, Visit.Mark Mark)>() : null;
        try
        {
            path.RecordSteps(prompt.Blocks, arrival.Shared, arrival.Visit, undone);
            survival.Make(prompt, arrival.Visit, pool, arrival.Visit.At);
        }
        finally
        {
            while (undone is not null && undone.TryPop(out var step))
            {
                step.Visit.BackTo(step.Mark);
            }
        }
    }

    private ScopeMemory Memory() => new(tree, index, gaps, guard, losses, pool, scales) { Serial = mirror.Serial };

    /// <summary>Where tokens are estimated, a breakpoint just above the minimum may turn out to be below it.</summary>
    private static int Careful(Prompt prompt, int least) => prompt.IsExact ? least : (int)(least * 1.1);

    private PlannedTurn Note(Prompt prompt, in PlanContext context, in Arrivals.Arrival arrival, in MirrorView view, Breakpoint[] breakpoints, int least)
    {
        var blocks = prompt.Blocks;
        var visit = arrival.Visit;
        Span<Breakpoint> room = stackalloc Breakpoint[BreakpointRules.Most];
        var holding = Foreseen.Holding(prompt, breakpoints, context.Level == CacheLevel.Respect ? prompt.Automatic : null, least, room);
        var hit = mirror.Reached(blocks, holding, path.Nodes, view, visit.At, context.AwaitsWrites);
        var forecast = Foreseen.Bill(blocks, hit, holding, scales[prompt.Root]);
        var premium = context.CostOf(forecast) - (forecast.Tokens * context.PricesFor(forecast.Tokens).Input);
        var from = mirror.Serial;
        if (!context.IsRehearsal)
        {
            arrivals.Remember(blocks, arrival);
            mirror.Apply(path.Nodes, hit, holding, visit.At);
        }

        var turn = new PlannedTurn
        {
            Lineage = visit.Lineage.Id,
            At = context.At,
            Context = context,
            Breakpoints = breakpoints,
            Forecast = forecast,
            Divergence = arrival.Parent is null ? null : arrival.Shared,
            Parent = arrival.Parent?.Turn,
            BlockCount = blocks.Length,
            Visit = visit,
            Leaf = (path.Nodes[^1], blocks[^1].Prefix),
            Hit = hit,
            Estimated = prompt.Tokens,
            MinEstimated = least,
            Model = prompt.Root,
            Writings = (from, mirror.Serial),
            Reserved = Math.Max(0, premium),
            IsClosed = context.IsRehearsal,
        };
        if (!context.IsRehearsal)
        {
            visit.Turn = turn;
            guard.Reserve(visit, turn.Reserved);
            pool.Add(visit);
            if (pool.Count > Pooled)
            {
                pool.RemoveAt(0);
            }
        }

        return turn;
    }
}
