using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Accounts;

/// <summary>What one request's input cost, and why. All money in nano-dollars.</summary>
public sealed record TurnAccount
{
    /// <summary>The conversation: <see cref="ConversationAccount.Id"/>.</summary>
    public required long Conversation { get; init; }

    /// <summary>Number of the turn in its conversation, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>When the request started.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The model, as the request names it.</summary>
    public required string Model { get; init; }

    /// <summary>The level that it was planned at.</summary>
    public required CacheLevel Level { get; init; }

    /// <summary>How the planner expected its input to be billed.</summary>
    public required CacheBill Planned { get; init; }

    /// <summary>How the provider billed it.</summary>
    public required CacheBill Reported { get; init; }

    /// <summary>What the plan expected to pay.</summary>
    public required long PlannedCost { get; init; }

    /// <summary>What was paid.</summary>
    public required long Cost { get; init; }

    /// <summary>What the same tokens cost without any caching.</summary>
    public required long UncachedCost { get; init; }

    /// <summary>What it would have cost had all been read that an earlier request shares, and the rest been sent without writing.</summary>
    public required long IdealCost { get; init; }

    /// <summary>What this turn adds to the lower bound that no placement of breakpoints can beat.</summary>
    public required long Bound { get; init; }

    /// <summary>Tokens of the longest beginning that an earlier request shares.</summary>
    public required int SharedTokens { get; init; }

    /// <summary>What broke the prefix, and what that cost.</summary>
    public required PrefixBreak Break { get; init; }

    /// <summary>The prompt's tokens in order, by what became of them; they add up to <see cref="CacheBill.Tokens"/> of <see cref="Reported"/>.</summary>
    public required IReadOnlyList<PromptRun> Strip { get; init; }

    /// <summary>What it cost more than the ideal; below zero where even that was beaten.</summary>
    public long OverIdeal => Cost - IdealCost;

    /// <summary>One line for the log: numbers and the cause, none of the user's words.</summary>
    public override string ToString() => TurnText.Line(this, withText: false);

    /// <summary>One line, with the changed words where <paramref name="withText"/> says that they may be shown.</summary>
    public string ToLine(bool withText) => TurnText.Line(this, withText);
}
