using Tuppence.Thrift.Accounts;

namespace Tuppence.State.Ledger;

/// <summary>What the prompt-cache planner says of a request. All money in nano-dollars.</summary>
public sealed record EntryTurn
{
    /// <summary>Number of the turn in its conversation, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Name of the cache level that it was planned at (<c>markers</c>, <c>relocate+window</c>, …).</summary>
    public required string Level { get; init; }

    /// <summary>What the plan expected the input to cost.</summary>
    public required long Planned { get; init; }

    /// <summary>What the turn adds to the lower bound of its conversation.</summary>
    public required long Bound { get; init; }

    /// <summary>What broke the prefix.</summary>
    public required BreakCause Cause { get; init; }

    /// <summary>Tokens that were paid for again because of it.</summary>
    public required long BrokenTokens { get; init; }

    /// <summary>What that cost.</summary>
    public required long BrokenCost { get; init; }

    /// <summary>The prompt's tokens in order, by what became of them.</summary>
    public required IReadOnlyList<PromptRun> Strip { get; init; }
}
