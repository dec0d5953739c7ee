namespace Tuppence.Exchange;

/// <summary>How the relaying of an answer ended.</summary>
public enum RelayOutcome
{
    /// <summary>The answer reached the client whole.</summary>
    Complete,

    /// <summary>The client left first; the upstream was cancelled.</summary>
    ClientLeft,

    /// <summary>The upstream broke off before anything had reached the client: it can still be told by status.</summary>
    BrokenBeforeStart,

    /// <summary>The upstream broke off in the middle, and the client was told in the stream or by the connection's end.</summary>
    Broken,
}
