using System.IO.Pipelines;

namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>A process on loan: disposing of it makes room for the next.</summary>
internal sealed class PooledProcess(IClaudeProcess process, ProcessPool pool) : IClaudeProcess
{
    private int isReturned;

    /// <inheritdoc/>
    public PipeWriter Input => process.Input;

    /// <inheritdoc/>
    public PipeReader Output => process.Output;

    /// <inheritdoc/>
    public Task<ProcessEnd> Ended => process.Ended;

    /// <inheritdoc/>
    public ValueTask KillAsync() => process.KillAsync();

    /// <inheritdoc/>
    public ValueTask CloseAsync() => process.CloseAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        if (Interlocked.Exchange(ref isReturned, 1) == 0)
        {
            pool.Return(this);
        }
    }
}
