namespace Tuppence.Emulator.Replies;

/// <summary>One content block of a reply.</summary>
internal abstract record ReplyBlock
{
    /// <summary>What it costs, by the estimate.</summary>
    public abstract int Tokens { get; }
}
