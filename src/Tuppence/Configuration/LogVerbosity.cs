namespace Tuppence.Configuration;

/// <summary>How much is logged.</summary>
public enum LogVerbosity
{
    /// <summary>Everything, for hunting a fault.</summary>
    Trace,

    /// <summary>Each step of a request.</summary>
    Debug,

    /// <summary>Start, stop, reloads and a line a request.</summary>
    Info,

    /// <summary>What a person should look at.</summary>
    Warn,

    /// <summary>What failed.</summary>
    Error,
}
