using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>A block of the history at its place.</summary>
/// <param name="Hash">Hash of its role and of what it says.</param>
/// <param name="Role">Who speaks.</param>
/// <param name="Begins">Whether a message begins with it.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Text">Its text as JSON without quotes; empty where it is no plain text of user or assistant, and never put back.</param>
internal sealed record SaidBlock(UInt128 Hash, MessageRole Role, bool Begins, int Tokens, byte[] Text)
{
    /// <summary>Whether it was sent at its place twice at least: a note at a depth has mostly moved on by then.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Whether the front end can have moved it: what it may also have put there itself only once it stayed.</summary>
    public bool CanBeMoved => Text.Length > 0 && (IsSettled || Role == MessageRole.Assistant);

    /// <summary>Whether the front end once moved it into a memory text.</summary>
    public bool WasMoved { get; init; }
}
