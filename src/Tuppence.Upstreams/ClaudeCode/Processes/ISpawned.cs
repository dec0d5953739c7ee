namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>A process as the platform started it.</summary>
internal interface ISpawned : IDisposable
{
    /// <summary>Writes to its standard input.</summary>
    Stream Input { get; }

    /// <summary>Reads its standard output.</summary>
    Stream Output { get; }

    /// <summary>Reads its standard error.</summary>
    Stream Errors { get; }

    /// <summary>Completes with its exit code when it is gone, and what it started with it.</summary>
    Task<int> Exited { get; }

    /// <summary>Ends it at once, with all that it started. Does nothing once it is gone.</summary>
    void Kill();
}
