namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>How an answer ended, as far as the process is concerned.</summary>
internal enum Ending
{
    /// <summary>It goes on.</summary>
    None,

    /// <summary>In order: the program is about to end by itself.</summary>
    Complete,

    /// <summary>The message is over, and the program would ask for more: it is killed.</summary>
    Cut,

    /// <summary>By an error: it is killed.</summary>
    Failed,
}
