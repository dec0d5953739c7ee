namespace Tuppence.ClaudeCode;

/// <summary>How far the user's program is.</summary>
internal enum ProgramStage
{
    /// <summary>It is being looked at; requests wait for the result.</summary>
    Checking,

    /// <summary>It behaves as expected and somebody is signed in to it.</summary>
    Ready,

    /// <summary>Nobody is signed in to it.</summary>
    NotSignedIn,

    /// <summary>It is missing, too old, or did not behave as expected: it is not used.</summary>
    SwitchedOff,
}
