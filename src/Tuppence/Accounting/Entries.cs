using Tuppence.Messages.Pricing;
using Tuppence.Messages.Usage;
using Tuppence.State.Ledger;
using Tuppence.Thrift;
using Tuppence.Thrift.Accounts;

namespace Tuppence.Accounting;

/// <summary>Puts what the parts of Tuppence know of a request into the ledger's terms.</summary>
internal static class Entries
{
    /// <summary>An answer of which is known that it has usage, but not what: it came in a form that cannot be read.</summary>
    public static readonly EntryUsage Unreadable = new() { Input = 0, IsPartial = true };

    /// <summary>Usage as a row has it; null where the answer told none.</summary>
    /// <param name="read">What was read off the answer.</param>
    /// <param name="writesHour">Whether what was written is meant to live for an hour, where the answer does not tell the parts.</param>
    public static EntryUsage? UsageOf(UsageReader read, bool writesHour = false)
    {
        if (!read.HasInput)
        {
            return null;
        }

        var usage = read.Usage;
        var hour = usage.CacheWrite1h ?? (writesHour ? usage.CacheWrite : 0);
        return new EntryUsage
        {
            Input = usage.Uncached,
            CacheRead = usage.CacheRead,
            CacheWrite5m = usage.CacheWrite - hour,
            CacheWrite1h = hour,
            Output = usage.Output,
            Thinking = read.Thinking,
            WebSearches = read.WebSearches,
            WebFetches = read.WebFetches,
            ServiceTier = read.ServiceTier,
            InferenceGeo = read.InferenceGeo,
            IsPartial = !read.IsFinal,
        };
    }

    /// <summary>What usage costs; null where the price is not known.</summary>
    /// <param name="usage">The usage.</param>
    /// <param name="model">The model that answered.</param>
    /// <param name="at">When the request came.</param>
    /// <param name="terms">Platform, endpoint, batch, speed.</param>
    public static EntryCost? CostOf(EntryUsage usage, string? model, DateTimeOffset at, in BilledUsage terms)
    {
        if (usage == Unreadable)
        {
            return null;
        }

        var billed = terms with
        {
            Input = usage.Input,
            CacheRead = usage.CacheRead,
            CacheWrite5m = usage.CacheWrite5m,
            CacheWrite1h = usage.CacheWrite1h,
            Output = usage.Output,
            WebSearches = usage.WebSearches,
            WebFetches = usage.WebFetches,
            ServiceTier = usage.ServiceTier,
            InferenceGeo = usage.InferenceGeo,
        };
        return PriceList.Default.Of(model, billed, DateOnly.FromDateTime(at.UtcDateTime)) is not { } price ? null : new EntryCost
        {
            Input = price.Input,
            CacheRead = price.CacheRead,
            CacheWrite = price.CacheWrite,
            Output = price.Output,
            ServerTools = price.ServerTools,
            WithoutCaching = price.WithoutCaching,
        };
    }

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
