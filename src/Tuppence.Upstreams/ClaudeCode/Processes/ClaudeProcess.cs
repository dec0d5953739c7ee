using System.IO.Pipelines;

namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <inheritdoc cref="IClaudeProcess"/>
internal sealed class ClaudeProcess : IClaudeProcess
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly ISpawned spawned;
    private readonly TimeProvider time;
    private readonly Pipe input = new();
    private readonly Task pumping;

    /// <summary>Takes over a process that has just started.</summary>
    /// <param name="spawned">The process.</param>
    /// <param name="time">Clock of the grace that <see cref="CloseAsync"/> gives.</param>
    public ClaudeProcess(ISpawned spawned, TimeProvider time)
    {
        (this.spawned, this.time) = (spawned, time);
        Output = PipeReader.Create(spawned.Output, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
        pumping = PumpAsync();
        Ended = EndAsync(ErrorTail.ReadAsync(spawned.Errors));
    }

    /// <inheritdoc/>
    /// <remarks>Once the process has ended, flushing says that nobody reads any more (<see cref="FlushResult.IsCompleted"/>); it does not throw.</remarks>
    public PipeWriter Input => input.Writer;

    /// <inheritdoc/>
    public PipeReader Output { get; }

    /// <inheritdoc/>
    public Task<ProcessEnd> Ended { get; }

    /// <inheritdoc/>
    public async ValueTask KillAsync()
    {
        spawned.Kill();
        await Ended;
    }

    /// <inheritdoc/>
    public async ValueTask CloseAsync()
    {
        await input.Writer.CompleteAsync();
        try
        {
            await Ended.WaitAsync(Grace, time);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await pumping;
        spawned.Dispose();
    }

    private async Task<ProcessEnd> EndAsync(Task<string> words)
    {
        var code = await spawned.Exited.ConfigureAwait(false);
        input.Reader.CancelPendingRead();
        return new ProcessEnd(code, await words.ConfigureAwait(false));
    }

    private async Task PumpAsync()
    {
        try
        {
            await input.Reader.CopyToAsync(spawned.Input);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The process has ended, or closed its input; what it still says is on its output.
        }
        finally
        {
            await input.Reader.CompleteAsync();
            await spawned.Input.DisposeAsync();
        }
    }
}
