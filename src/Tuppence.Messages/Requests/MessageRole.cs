namespace Tuppence.Messages.Requests;

/// <summary>Who speaks in a message.</summary>
public enum MessageRole
{
    /// <summary>No role, or one that is not known here.</summary>
    Unknown,

    /// <summary><c>user</c>.</summary>
    User,

    /// <summary><c>assistant</c>.</summary>
    Assistant,

    /// <summary><c>system</c>, in mid-conversation.</summary>
    System,
}
