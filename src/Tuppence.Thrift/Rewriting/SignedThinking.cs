namespace Tuppence.Thrift.Rewriting;

/// <summary>What becomes of signed thinking, which the provider rejects behind an edited prefix.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/preserved-thinking (September 2026).</remarks>
public enum SignedThinking
{
    /// <summary>A request with thinking in its history is not rewritten.</summary>
    LeaveAlone,

    /// <summary>Thinking is taken out of the history and the request is rewritten.</summary>
    Strip,
}
