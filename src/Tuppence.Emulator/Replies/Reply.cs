namespace Tuppence.Emulator.Replies;

/// <summary>What the assistant says, and why it stops.</summary>
/// <param name="Blocks">In order.</param>
/// <param name="StopReason"><c>end_turn</c>, <c>max_tokens</c>, <c>stop_sequence</c>, <c>tool_use</c>, <c>refusal</c>, or what a queued reply names.</param>
/// <param name="StopSequence">The sequence that was met.</param>
internal sealed record Reply(IReadOnlyList<ReplyBlock> Blocks, string StopReason, string? StopSequence = null)
{
    /// <summary>Web searches that it took.</summary>
    public int WebSearches { get; init; }

    /// <summary>Web fetches that it took.</summary>
    public int WebFetches { get; init; }

    /// <summary>All output tokens.</summary>
    public int Tokens => Blocks.Sum(block => block.Tokens);

    /// <summary>Those of them that were thinking.</summary>
    public int ThinkingTokens => Blocks.Where(block => block is ThinkingReply or RedactedReply).Sum(block => block.Tokens);

    /// <summary>A refusal's explanation; only refusals have one.</summary>
    public string? Explanation => StopReason == "refusal" ? "Tuppence's emulator was asked to play a refusal." : null;
}
