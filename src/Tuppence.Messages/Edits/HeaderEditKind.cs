namespace Tuppence.Messages.Edits;

/// <summary>How a preset's header meets the client's.</summary>
public enum HeaderEditKind
{
    /// <summary>Sent where the client sent none of that name.</summary>
    Default,

    /// <summary>Sent as a further line beside the client's: <c>anthropic-beta</c>, a list, where every value counts.</summary>
    Append,
}
