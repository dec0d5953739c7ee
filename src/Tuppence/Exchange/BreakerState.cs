namespace Tuppence.Exchange;

/// <summary>Whether an upstream is used where a request has another to go to.</summary>
public enum BreakerState
{
    /// <summary>It is.</summary>
    Closed,

    /// <summary>Not now: it failed several times in a row.</summary>
    Open,

    /// <summary>One request is let through, to see.</summary>
    HalfOpen,

    /// <summary>Not before the moment that it named.</summary>
    OutOfQuota,
}
