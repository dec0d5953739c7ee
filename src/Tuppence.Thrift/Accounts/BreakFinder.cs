using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Accounts;

/// <summary>Finds what kept a request from reading more, before it is entered into the tree itself.</summary>
/// <remarks>
/// Two things can: a beginning that an earlier request shares was not read (never written, expired, lost), and text that comes again behind
/// a place that changed cannot be read. Earlier requests that count are the one that shares most and the conversation's latest.
/// </remarks>
internal readonly ref struct BreakFinder(PendingTurn begun, CacheBill bill, ReadOnlySpan<PrefixNode> shared, UInt128 scope, TextMemory texts, Conversation conversation)
{
    private readonly ReadOnlySpan<PrefixNode> shared = shared;

    public BreakFinding Find(in BilledPrompt billed, TurnTrail? most)
    {
        var blocks = begun.Blocks;
        var missed = Missed(billed, most);
        var sentBefore = new PromptRunKind?[blocks.Length];
        // What was shared and could not be there is no fault: below the minimum, or never written.
        sentBefore.AsSpan(0, shared.Length).Fill(missed.Cause is BreakCause.Nothing or BreakCause.NotWritten ? PromptRunKind.NotWritten : PromptRunKind.Missed);
        var changed = Changed(billed, most, sentBefore);
        return changed.Cost > missed.Cost || missed.Cause == BreakCause.Nothing
            ? new BreakFinding(changed, missed.Cause == BreakCause.Nothing ? null : missed, sentBefore)
            : new BreakFinding(missed, changed.Cause is BreakCause.Nothing or BreakCause.First ? null : changed, sentBefore);
    }

    /// <summary>Shared and not read.</summary>
    private PrefixBreak Missed(in BilledPrompt billed, TurnTrail? most)
    {
        var blocks = begun.Blocks;
        var first = 0;
        while (first < shared.Length && billed.Covers(bill.Read, first))
        {
            first++;
        }

        var (tokens, cost) = (0, 0L);
        for (var i = first; i < shared.Length; i++)
        {
            var (more, paid) = billed.NotRead(i);
            tokens += more;
            cost += paid;
        }

        if (tokens == 0 || most is null || billed.EndOf(shared.Length - 1) < begun.Turn.Context.MinTokens)
        {
            return PrefixBreak.None;
        }

        var at = begun.Turn.At;
        var node = shared[first];
        var cause = !node.WasKept ? BreakCause.NotWritten
            : node.KeptUntil < at ? BreakCause.Expiry
            : begun.Turn.Forecast.Read > bill.Read + (bill.Read / 50) ? BreakCause.EarlyLoss
            : BreakCause.NotWritten;
        ref readonly var block = ref blocks[first];
        return new PrefixBreak(cause, first, block.Section, block.Role, block.Message, at - most.At, tokens, cost, null);
    }

    /// <summary>Sent before, but behind something that changed.</summary>
    private PrefixBreak Changed(in BilledPrompt billed, TurnTrail? most, PromptRunKind?[] sentBefore)
    {
        var blocks = begun.Blocks;
        Comparison? best = null;
        var (tokens, cost) = (0, 0L);
        foreach (var earlier in new[] { most, conversation.Trail })
        {
            if (earlier is null || (best is not null && earlier == most))
            {
                continue;
            }

            var comparison = Comparison.Between(earlier, blocks, scope);
            var (again, paid) = (0, 0L);
            for (var i = shared.Length; i < blocks.Length; i++)
            {
                if (comparison.Again[i])
                {
                    sentBefore[i] = PromptRunKind.Missed;
                    var (more, extra) = billed.NotRead(i);
                    again += more;
                    paid += extra;
                }
            }

            if (best is null || paid > cost)
            {
                (best, tokens, cost) = (comparison, again, paid);
            }
        }

        if (best is null || (conversation.Trail is null && tokens == 0))
        {
            return PrefixBreak.None with { Cause = BreakCause.First };
        }

        if (tokens == 0 || best.Divergence >= blocks.Length)
        {
            return PrefixBreak.None;
        }

        ref readonly var block = ref blocks[best.Divergence];
        var (cause, diff) = new CauseGuess(best, blocks, begun.Traits, texts, conversation.BrokeAt(block.Section, best.Divergence)).Guess();
        return new PrefixBreak(cause, best.Divergence, block.Section, block.Role, block.Message, begun.Turn.At - best.Earlier.At, tokens, cost, diff);
    }
}
