using System.Runtime.InteropServices;
using Tuppence.Thrift.Planning.Lineages;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Planning.Mirrors;

/// <summary>Sets the mirror right where the provider reports to have read more or less than it should hold.</summary>
internal sealed class Correction(PrefixTree tree, ProviderMirror mirror)
{
    /// <summary>Corrects, by the bill of one request.</summary>
    /// <param name="turn">The request.</param>
    /// <param name="reported">Its bill.</param>
    /// <param name="nodes">Its nodes.</param>
    public void Correct(PlannedTurn turn, in CacheBill reported, ReadOnlySpan<int> nodes)
    {
        if (reported.Tokens == 0)
        {
            return;
        }

        var hit = HitOf(turn, reported, nodes);
        var wrote = reported.Write1h + reported.Write5m > 0;
        var isShortened = reported.Write1h == 0 && turn.Forecast.Write1h > 0;
        if (hit == turn.Hit && !isShortened && wrote == (turn.Forecast.Write1h + turn.Forecast.Write5m > 0))
        {
            return;
        }

        var at = turn.At.UtcTicks;
        if (hit > turn.Hit)
        {
            mirror.Revive(nodes, hit, at);
        }

        // Some upstreams take no cache_control at all, and some make five minutes of an hour.
        mirror.Kill(nodes, hit + 1, wrote && !isShortened ? turn.Hit : nodes.Length - 1);
        if (!wrote)
        {
            return;
        }

        mirror.Apply(nodes, hit, Holding(turn, nodes, isShortened), at);
    }

    /// <summary>Takes over a repetition of the request: what it read lives on, what it wrote is new.</summary>
    /// <param name="turn">The request.</param>
    /// <param name="reported">The bill of the repetition.</param>
    /// <param name="nodes">Its nodes.</param>
    /// <param name="at">When the repetition started, in ticks.</param>
    public void Refresh(PlannedTurn turn, in CacheBill reported, ReadOnlySpan<int> nodes, long at)
    {
        var hit = reported.Read == 0 ? -1 : HitOf(turn, reported, nodes);
        if (hit >= 0)
        {
            mirror.Revive(nodes, hit, at);
        }

        mirror.Kill(nodes, hit + 1, nodes.Length - 1);
        if (reported.Write1h + reported.Write5m > 0)
        {
            mirror.Apply(nodes, hit, Holding(turn, nodes, reported.Write1h == 0), at);
        }
    }

    private Span<Breakpoint> Holding(PlannedTurn turn, ReadOnlySpan<int> nodes, bool isShortened)
    {
        var holding = new List<Breakpoint>(BreakpointRules.Most);
        foreach (var breakpoint in turn.Breakpoints)
        {
            if (breakpoint.Block < nodes.Length && tree[nodes[breakpoint.Block]].EndTokens >= turn.MinEstimated)
            {
                holding.Add(isShortened ? breakpoint with { Ttl = Ttl.FiveMinutes } : breakpoint);
            }
        }

        return CollectionsMarshal.AsSpan(holding);
    }

    /// <summary>The block up to which the provider says that it read.</summary>
    private int HitOf(PlannedTurn turn, in CacheBill reported, ReadOnlySpan<int> nodes)
    {
        if (reported.Read == turn.Forecast.Read || (turn.Hit < 0 && reported.Read == 0))
        {
            return turn.Hit;
        }

        var scale = turn.Estimated / (double)reported.Tokens;
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
}
