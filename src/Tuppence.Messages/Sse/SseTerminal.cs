namespace Tuppence.Messages.Sse;

/// <summary>How a Messages stream has said that it is over.</summary>
public enum SseTerminal
{
    /// <summary>It has not.</summary>
    None,

    /// <summary><c>message_stop</c>.</summary>
    MessageStop,

    /// <summary><c>error</c>.</summary>
    Error,
}
