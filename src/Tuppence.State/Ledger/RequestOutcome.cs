namespace Tuppence.State.Ledger;

/// <summary>How a request ended.</summary>
public enum RequestOutcome
{
    /// <summary>The answer was passed on whole; it may be an error answer, see the status.</summary>
    Completed,

    /// <summary>The client left before the answer was whole. What the upstream told of usage until then is kept.</summary>
    ClientLeft,

    /// <summary>The upstream broke off, or sent an error event, after the answer had begun.</summary>
    Broken,

    /// <summary>No upstream gave an answer; the client was told so.</summary>
    Unreachable,

    /// <summary>Tuppence refused the request itself: a bad body, an unknown preset, a budget that is used up.</summary>
    Refused,
}
