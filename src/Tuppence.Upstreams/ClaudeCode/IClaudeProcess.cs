using System.IO.Pipelines;

namespace Tuppence.Upstreams.ClaudeCode;

/// <summary>One run of the user's Claude Code program: one process, which serves one answer. Disposing of it ends the process with all that it started.</summary>
public interface IClaudeProcess : IAsyncDisposable
{
    /// <summary>Its standard input: JSON objects, one a line.</summary>
    PipeWriter Input { get; }

    /// <summary>Its standard output: JSON objects, one a line. Completes when the process closes it.</summary>
    PipeReader Output { get; }

    /// <summary>Completes when the process is gone.</summary>
    Task<ProcessEnd> Ended { get; }

    /// <summary>Ends the process at once, with all that it started; comes back when it is gone. Calling it again does nothing.</summary>
    ValueTask KillAsync();

    /// <summary>Closes its standard input, which ends a process that is not answering; one that lives on after a short while is killed.</summary>
    ValueTask CloseAsync();
}
