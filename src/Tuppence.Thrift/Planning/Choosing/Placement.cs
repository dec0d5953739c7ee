using Tuppence.Thrift.Planning.Lineages;
using Tuppence.Thrift.Planning.Mirrors;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Planning.Choosing;

/// <summary>Places the breakpoints of a request: what may be written, what can be paid for, and what costs nothing.</summary>
internal sealed class Placement(PrefixTree tree, SurvivalForecast survival, SpendingGuard guard, LossRate losses)
{
    /// <summary>Chooses.</summary>
    /// <param name="prompt">The request.</param>
    /// <param name="context">Prices and limits.</param>
    /// <param name="lineage">Its conversation.</param>
    /// <param name="view">What the provider holds of it.</param>
    /// <param name="path">Its nodes, as far as it has any.</param>
    /// <param name="least">Smallest prefix to be marked, in estimated tokens.</param>
    public Breakpoint[] Choose(Prompt prompt, in PlanContext context, Lineage lineage, in MirrorView view, ReadOnlySpan<int> path, int least)
    {
        var blocks = prompt.Blocks;
        var prices = RenewalPrices.Of(context.Prices, context.Has1h);
        var limits = new Limits(view.Hit < 0 ? -1 : blocks[view.Hit].Position, context.Has1h && view.HitIs1h, true, prices);
        var choice = Afford(prompt, view, limits, context, lineage, least);
        return Complete(blocks, view, choice, least, path);
    }

    private int Candidates(ReadOnlySpan<PromptBlock> blocks, int minTokens, in MirrorView view, in RenewalPrices prices, double affordable, Span<Candidate> candidates)
    {
        var read = view.Hit < 0 ? 0 : blocks[view.Hit].EndTokens;
        var pending = view.Pending < 0 ? read : Math.Max(read, blocks[view.Pending].EndTokens);
        var count = 0;
        var floor = DropFloor(blocks, view.Hit);
        var lives = 1 - losses.Rate;
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
                at, blocks[at].Position, blocks[at].EndTokens - read, Math.Max(0, blocks[at].EndTokens - pending), RenewalValue.Of(survival.Survival(i), survival.LaterSurvival(i), lives * gap.Within5m, lives * gap.Within1h, prices));
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

    private Choice Afford(Prompt prompt, in MirrorView view, in Limits limits, in PlanContext context, Lineage lineage, int least)
    {
        var blocks = prompt.Blocks;
        Span<Candidate> candidates = stackalloc Candidate[BreakpointChoice.MostCandidates];
        var count = Candidates(blocks, least, view, limits.Prices, 0, candidates);
        var best = BreakpointChoice.Best(candidates[..count], limits);
        var read = view.Hit < 0 ? 0 : blocks[view.Hit].EndTokens;
        var (all, cautious) = guard.Allowance(lineage.Balance, context.Prices.Input, (1 - limits.Prices.Read) * read);
        if (best.Premium <= cautious)
        {
            return best;
        }

        // Not all of it, then: as much as should be paid for, so that what it saves pays for more next time; and where that is nothing
        // at all, since the first block is too large, as much as may be.
        var within = Within(cautious, blocks, view, limits, least, candidates);
        return within.Count > 0 || best.Count == 0 ? within
            : best.Premium <= all ? best
            : Within(all, blocks, view, limits, least, candidates);
    }

    private Choice Within(double affordable, ReadOnlySpan<PromptBlock> blocks, in MirrorView view, in Limits limits, int least, Span<Candidate> candidates)
    {
        var most5m = affordable / (limits.Prices.Write5m - 1);
        var count = Candidates(blocks, least, view, limits.Prices, most5m, candidates);
        var in5m = BreakpointChoice.Best(candidates[..count], limits with { Allows1h = false, MostTokens = most5m });
        var most1h = affordable / (limits.Prices.Write1h - 1);
        count = Candidates(blocks, least, view, limits.Prices, most1h, candidates);
        var in1h = BreakpointChoice.Best(candidates[..count], limits with { Allows5m = false, MostTokens = most1h });
        return in1h.Gain > in5m.Gain ? in1h : in5m;
    }

    /// <summary>Adds what costs nothing: the entry that is read, and entries below it for the case that it is gone.</summary>
    private Breakpoint[] Complete(ReadOnlySpan<PromptBlock> blocks, in MirrorView view, in Choice choice, int minTokens, ReadOnlySpan<int> path)
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

    private static bool IsMarkable(in PromptBlock block) => block.IsMarkable && !(block.Section == PromptSection.Messages && block.Role == Tuppence.Messages.Requests.MessageRole.System);
}
