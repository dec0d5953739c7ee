using Tuppence.Messages.Usage;
using Tuppence.State.Ledger;
using Tuppence.Thrift;
using Tuppence.Thrift.Accounts;

namespace Tuppence.Accounting;

/// <summary>Puts what the parts of Tuppence know of a request into the ledger's terms.</summary>
internal static class Entries
{
    /// <summary>Usage as a row has it.</summary>
    public static EntryUsage UsageOf(in TokenUsage usage) => new()
    {
        Input = usage.Uncached,
        CacheRead = usage.CacheRead,
        CacheWrite5m = usage.CacheWrite - (usage.CacheWrite1h ?? 0),
        CacheWrite1h = usage.CacheWrite1h ?? 0,
        Output = usage.Output,
    };

    /// <summary>The planner's account of a turn as a row has it.</summary>
    public static EntryTurn TurnOf(TurnAccount turn) => new()
    {
        Number = turn.Number,
        Level = LevelNames.NameOf(turn.Level),
        Planned = turn.PlannedCost,
        Bound = turn.Bound,
        Cause = turn.Break.Cause,
        BrokenTokens = turn.Break.Tokens,
        BrokenCost = turn.Break.Cost,
        Strip = turn.Strip,
    };
}
