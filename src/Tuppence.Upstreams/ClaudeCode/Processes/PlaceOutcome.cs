namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>What came of asking for a place.</summary>
internal enum PlaceOutcome
{
    /// <summary>There is one, and it is taken.</summary>
    Taken,

    /// <summary>All are taken, and as many wait as may.</summary>
    Full,

    /// <summary>No place is given out any more.</summary>
    Closed,
}
