namespace Tuppence.Upstreams.ClaudeCode;

/// <summary>What keeps the program from answering.</summary>
public enum ProcessProblem
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It was not found, or cannot be started.</summary>
    Missing,

    /// <summary>Its version is below the tested minimum.</summary>
    TooOld,

    /// <summary>It did not behave as expected in the self-test.</summary>
    Unexpected,

    /// <summary>Nobody is signed in to it.</summary>
    NotSignedIn,

    /// <summary>As many requests as may wait are waiting.</summary>
    Busy,
}
