namespace Tuppence.Thrift.Accounts;

/// <summary>What a conversation's input cost so far. A picture of one moment; all money in nano-dollars.</summary>
public sealed record ConversationAccount
{
    /// <summary>The conversation's number.</summary>
    public required long Id { get; init; }

    /// <summary>Who shares its cache, as in <see cref="Planning.PlanContext.Scope"/>.</summary>
    public required string Scope { get; init; }

    /// <summary>The model of its latest turn.</summary>
    public required string Model { get; init; }

    /// <summary>Requests so far.</summary>
    public required int Turns { get; init; }

    /// <summary>When the first one started.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When the latest one started.</summary>
    public required DateTimeOffset Latest { get; init; }

    /// <summary>What was paid for input, pings included.</summary>
    public required long Spent { get; init; }

    /// <summary>Pings that were sent to keep its cache alive.</summary>
    public int Pings { get; init; }

    /// <summary>What they cost.</summary>
    public long PingCost { get; init; }

    /// <summary>What the planner expected to pay.</summary>
    public required long Planned { get; init; }

    /// <summary>What it would have cost without any caching.</summary>
    public required long Uncached { get; init; }

    /// <summary>Below this no placement of breakpoints could have come, knowing the future, without pings; of what happened so far. Pings themselves are not in it.</summary>
    /// <remarks>Where conversations share a beginning, each one's bound supposes that the others wrote it at their own expense.</remarks>
    public required long Bound { get; init; }

    /// <summary>Whether <see cref="Bound"/> is a bound: false once so much was going on that parts younger than an hour had to be forgotten.</summary>
    public required bool BoundHolds { get; init; }

    /// <summary>Tokens read from the cache.</summary>
    public required long ReadTokens { get; init; }

    /// <summary>All input tokens.</summary>
    public required long Tokens { get; init; }

    /// <summary>The share of all input that was read, 0 to 1.</summary>
    public double ReadShare => Tokens == 0 ? 0 : (double)ReadTokens / Tokens;

    /// <summary>The latest turns, oldest first; at most <see cref="CacheAccountsOptions.TurnsKept"/>.</summary>
    public required IReadOnlyList<TurnAccount> Recent { get; init; }

    /// <summary>Causes of breaks, the dearest first.</summary>
    public required IReadOnlyList<CauseTotal> Causes { get; init; }

    /// <summary>What could be done better, the largest saving first; empty where the figures support nothing.</summary>
    public required IReadOnlyList<Advice> Advice { get; init; }
}
