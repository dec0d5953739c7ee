using System.Runtime.InteropServices;
using Tuppence.Thrift.Planning.Choosing;
using Tuppence.Thrift.Planning.Lineages;
using Tuppence.Thrift.Planning.Mirrors;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Planning;

/// <summary>Plans the requests that share one cache.</summary>
internal sealed class ScopePlanner
{
    private const int MostNodes = 1 << 20;
    private const int Pooled = 48;
    private const double PriorGapWeight = 3;

    /// <summary>Tokens of uncached input that a conversation, and a scope, may lose on forecasts that do not come true.</summary>
    private const int CreditTokens = 6144;

    /// <summary>And this share of what everything would have cost without caching, so that bad luck at the start is not for ever.</summary>
    private const double CreditShare = 0.003;

    private static readonly GapShares ChatGaps = new(0.72, 0.94);
    private static readonly GapShares AgentGaps = new(0.99, 1);

    private readonly Lock gate = new();
    private readonly PrefixTree tree = new(MostNodes);
    private readonly ProviderMirror mirror;
    private readonly LineageIndex index = new();
    private readonly SurvivalForecast survival = new();
    private readonly GapStatistics gaps = new();
    private readonly Balance balance = new();
    private readonly List<Visit> pool = [];
    private int[] path = new int[64];
    private long lineages;

    public ScopePlanner() => mirror = new ProviderMirror(tree);

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
                Account(turn, reported);
                Correct(turn, reported);
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
            balance.Reserved -= turn.Reserved;
            if (turn.Visit is { } visit)
            {
                visit.Lineage.Balance.Reserved -= turn.Reserved;
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
        var breakpoints = context.Level == CacheLevel.Respect ? prompt.Breakpoints.ToArray() : Choose(prompt, context, lineage, view);
        Grow(blocks, shared, visit);
        return Note(prompt, context, visit, parent, shared, view, breakpoints);
    }

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

    private Breakpoint[] Choose(Prompt prompt, in PlanContext context, Lineage lineage, in MirrorView view)
    {
        var blocks = prompt.Blocks;
        var prices = RenewalPrices.Of(context.Prices, context.Has1h);
        var limits = new Limits(view.Hit < 0 ? -1 : blocks[view.Hit].Position, context.Has1h && view.HitIs1h, true, prices);
        var choice = Afford(prompt, view, limits, context, lineage);
        return Complete(blocks, view, choice, context.MinTokens);
    }

    private int Candidates(ReadOnlySpan<PromptBlock> blocks, int minTokens, in MirrorView view, in RenewalPrices prices, double affordable, Span<Candidate> candidates)
    {
        var read = view.Hit < 0 ? 0 : blocks[view.Hit].EndTokens;
        var pending = view.Pending < 0 ? read : Math.Max(read, blocks[view.Pending].EndTokens);
        var count = 0;
        var floor = DropFloor(blocks, view.Hit);
        for (var i = view.Hit + 1; i < blocks.Length && count < candidates.Length; i++)
        {
            var isLastAffordable = blocks[i].EndTokens - read <= affordable && (i + 1 == blocks.Length || blocks[i + 1].EndTokens - read > affordable);
            if (survival.Drop(i) <= floor && !isLastAffordable)
            {
                continue;
            }

            var at = i;
            while (at > view.Hit && !IsMarkable(blocks[at]))
            {
                at--;
            }

            if (at <= view.Hit || blocks[at].EndTokens < minTokens || (count > 0 && candidates[count - 1].Block == at))
            {
                continue;
            }

            var gap = survival.Gaps(i);
            candidates[count++] = new Candidate(
                at, blocks[at].Position, blocks[at].EndTokens - read, Math.Max(0, blocks[at].EndTokens - pending), RenewalValue.Of(survival.Survival(i), survival.LaterSurvival(i), gap.Within5m, gap.Within1h, prices));
        }

        return count;
    }

    /// <summary>The step that a boundary must exceed so that no more than the most candidates are left.</summary>
    private double DropFloor(ReadOnlySpan<PromptBlock> blocks, int hit)
    {
        var floor = 1e-6;
        while (true)
        {
            var count = 0;
            for (var i = hit + 1; i < blocks.Length; i++)
            {
                count += survival.Drop(i) > floor ? 1 : 0;
            }

            if (count <= BreakpointChoice.MostCandidates)
            {
                return floor;
            }

            floor *= 4;
        }
    }

    private Choice Afford(Prompt prompt, in MirrorView view, in Limits limits, in PlanContext context, Lineage lineage)
    {
        var blocks = prompt.Blocks;
        Span<Candidate> candidates = stackalloc Candidate[BreakpointChoice.MostCandidates];
        var count = Candidates(blocks, context.MinTokens, view, limits.Prices, 0, candidates);
        var best = BreakpointChoice.Best(candidates[..count], limits);
        var allowance = Allowance(context, lineage) / (double)Math.Max(1, context.Prices.Input);
        var read = view.Hit < 0 ? 0 : blocks[view.Hit].EndTokens;
        var affordable = Math.Max(0, allowance + (lineage.Balance.IsWary || balance.IsWary ? 0 : (1 - limits.Prices.Read) * read));
        if (best.Premium <= affordable)
        {
            return best;
        }

        // Not all of it, then: as much as can be paid for, so that what it saves pays for more next time.
        var most5m = affordable / (limits.Prices.Write5m - 1);
        count = Candidates(blocks, context.MinTokens, view, limits.Prices, most5m, candidates);
        var in5m = BreakpointChoice.Best(candidates[..count], limits with { Allows1h = false, MostTokens = most5m });
        var most1h = affordable / (limits.Prices.Write1h - 1);
        count = Candidates(blocks, context.MinTokens, view, limits.Prices, most1h, candidates);
        var in1h = BreakpointChoice.Best(candidates[..count], limits with { Allows5m = false, MostTokens = most1h });
        return in1h.Gain > in5m.Gain ? in1h : in5m;
    }

    private long Allowance(in PlanContext context, Lineage lineage)
    {
        var credit = CreditTokens * context.Prices.Input;
        return Math.Min(balance.Allowance(credit + (long)(CreditShare * balance.Uncached)), lineage.Balance.Allowance(credit + (long)(CreditShare * lineage.Balance.Uncached) + (Math.Max(0, balance.Saved) / 10)));
    }

    /// <summary>Adds what costs nothing: the entry that is read, and entries below it for the case that it is gone.</summary>
    private Breakpoint[] Complete(ReadOnlySpan<PromptBlock> blocks, in MirrorView view, in Choice choice, int minTokens)
    {
        Span<Breakpoint> all = stackalloc Breakpoint[BreakpointRules.Most];
        var free = BreakpointRules.Most - choice.Count;
        var onlyHours = view.HitIs1h;
        for (var i = view.Hit; i >= 0 && free > 0; i--)
        {
            ref var node = ref tree[path[i]];
            if (node.ReadableFrom != long.MaxValue && IsMarkable(blocks[i]) && blocks[i].EndTokens >= minTokens)
            {
                all[--free] = new Breakpoint(i, onlyHours ? Ttl.OneHour : Ttl.FiveMinutes);
            }
        }

        var spare = all[free..(BreakpointRules.Most - choice.Count)];
        var made = new Breakpoint[spare.Length + choice.Count];
        spare.CopyTo(made);
        for (var i = 0; i < choice.Count; i++)
        {
            made[spare.Length + i] = choice[i];
        }

        return made;
    }

    private static bool IsMarkable(in PromptBlock block) => block.IsMarkable && !(block.Section == PromptSection.Messages && block.Role == Messages.Requests.MessageRole.System);

    private PlannedTurn Note(Prompt prompt, in PlanContext context, Visit visit, Visit? parent, int shared, in MirrorView view, Breakpoint[] breakpoints)
    {
        var blocks = prompt.Blocks;
        Span<Breakpoint> all = stackalloc Breakpoint[BreakpointRules.Most];
        var automatic = context.Level == CacheLevel.Respect ? prompt.Automatic : null;
        if (BreakpointRules.Check(blocks, breakpoints, automatic, all, out var count) is not null)
        {
            count = 0;
        }

        var holding = 0;
        for (var i = 0; i < count; i++)
        {
            if (blocks[all[i].Block].EndTokens >= context.MinTokens)
            {
                all[holding++] = all[i];
            }
        }

        var nodes = path.AsSpan(0, blocks.Length);
        var hit = Reached(blocks, all[..holding], nodes, view, visit.At);
        var from = mirror.Serial;
        mirror.Apply(nodes, hit, all[..holding], visit.At);
        var forecast = Forecast(blocks, hit, all[..holding], prompt.Tokens);
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
            Writings = (from, mirror.Serial),
            Reserved = Math.Max(0, premium),
        };
        visit.Turn = turn;
        visit.Lineage.Add(visit);
        visit.Lineage.Balance.Reserved += turn.Reserved;
        balance.Reserved += turn.Reserved;
        index.Note(blocks, visit.Lineage);
        pool.Add(visit);
        if (pool.Count > Pooled)
        {
            pool.RemoveAt(0);
        }

        return turn;
    }

    /// <summary>The deepest entry that the breakpoints find.</summary>
    private int Reached(ReadOnlySpan<PromptBlock> blocks, ReadOnlySpan<Breakpoint> breakpoints, ReadOnlySpan<int> nodes, in MirrorView view, long now)
    {
        for (var i = breakpoints.Length - 1; i >= 0; i--)
        {
            var last = blocks[breakpoints[i].Block].Position - 19;
            for (var block = breakpoints[i].Block; block >= 0 && blocks[block].Position >= last; block--)
            {
                if (block <= view.Hit && tree[nodes[block]].ReadableFrom <= now)
                {
                    return block;
                }
            }
        }

        return -1;
    }

    private static CacheBill Forecast(ReadOnlySpan<PromptBlock> blocks, int hit, ReadOnlySpan<Breakpoint> breakpoints, int tokens)
    {
        var (lastHour, last) = (hit, hit);
        foreach (var breakpoint in breakpoints)
        {
            last = Math.Max(last, breakpoint.Block);
            lastHour = breakpoint.Ttl == Ttl.OneHour ? Math.Max(lastHour, breakpoint.Block) : lastHour;
        }

        var read = hit < 0 ? 0 : blocks[hit].EndTokens;
        var hours = lastHour < 0 ? 0 : blocks[lastHour].EndTokens;
        var written = last < 0 ? 0 : blocks[last].EndTokens;
        return new CacheBill(read, hours - read, written - hours, tokens - written);
    }

    private void Account(PlannedTurn turn, in CacheBill reported)
    {
        var saved = (reported.Tokens * turn.Context.Prices.Input) - reported.Cost(turn.Context.Prices);
        Book(balance, turn, saved, reported);
        if (turn.Visit is { } visit)
        {
            Book(visit.Lineage.Balance, turn, saved, reported);
        }
    }

    private static void Book(Balance account, PlannedTurn turn, long saved, in CacheBill reported)
    {
        account.Reserved -= turn.Reserved;
        account.Saved += saved;
        account.Uncached += reported.Tokens * turn.Context.Prices.Input;
        account.IsWary = account.Saved < 0 && (account.IsWary || reported.Read < turn.Forecast.Read * 0.8);
    }

    private void Correct(PlannedTurn turn, in CacheBill reported)
    {
        if (!TryPath(turn, out var nodes) || reported.Tokens == 0)
        {
            return;
        }

        var hit = HitOf(turn, reported, nodes);
        if (hit == turn.Hit)
        {
            return;
        }

        var at = turn.At.UtcTicks;
        if (hit > turn.Hit)
        {
            mirror.Revive(nodes, hit, at);
        }
        else
        {
            mirror.Kill(nodes, hit + 1, turn.Hit);
        }

        var holding = new List<Breakpoint>(BreakpointRules.Most);
        foreach (var breakpoint in turn.Breakpoints)
        {
            if (tree[nodes[breakpoint.Block]].EndTokens >= turn.Context.MinTokens)
            {
                holding.Add(breakpoint);
            }
        }

        mirror.Apply(nodes, hit, CollectionsMarshal.AsSpan(holding), at);
    }

    /// <summary>The block up to which the provider says that it read.</summary>
    private int HitOf(PlannedTurn turn, in CacheBill reported, ReadOnlySpan<int> nodes)
    {
        if (reported.Read == turn.Forecast.Read || (turn.Hit < 0 && reported.Read == 0))
        {
            return turn.Hit;
        }

        var scale = turn.Forecast.Tokens / (double)reported.Tokens;
        var read = reported.Read * scale;
        var (best, distance) = (-1, read);
        for (var i = 0; i < nodes.Length; i++)
        {
            ref var node = ref tree[nodes[i]];
            var off = Math.Abs(node.EndTokens - read);
            if (off < distance)
            {
                (best, distance) = (i, off);
            }
        }

        return turn.Hit >= 0 && Math.Abs(tree[nodes[turn.Hit]].EndTokens - read) <= Math.Max(distance, 0.02 * read) ? turn.Hit : best;
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
