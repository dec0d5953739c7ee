using Tuppence.Upstreams.ClaudeCode.Processes;

namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>Processes of a program that has passed the self-test. One that was updated is tested again before its next answer; one that failed, after five minutes.</summary>
/// <param name="options">How it is found and run.</param>
/// <param name="time">The clock.</param>
public sealed class TestedProcesses(ClaudeCodeOptions options, TimeProvider time) : IProcessSource, IAsyncDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource stopping = new();
    private readonly ProcessPool pool = new(options, time);
    private readonly ClaudeProgram program = new(options, time);
    private ProgramStamp testedStamp;
    private DateTimeOffset testedAt;

    /// <summary>What the last self-test found; null before the first has ended.</summary>
    public SelfTestResult? Last { get; private set; }

    /// <summary>Runs the self-test, unless this very program has passed it, and starts the spare.</summary>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellation"/>, or because this is disposed.</exception>
    public async Task<SelfTestResult> TestAsync(CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stopping.Token);
        await turn.WaitAsync(either.Token);
        try
        {
            var stamp = ProgramStamp.Of(program.Find().Program);
            if (Last is { } last && stamp == testedStamp && (last.Problem == ProcessProblem.None || time.GetUtcNow() - testedAt < Again))
            {
                return last;
            }

            var result = await SelfTest.RunAsync(options, time, either.Token);
            (testedStamp, testedAt, Last) = (stamp, time.GetUtcNow(), result);
            if (result.Problem == ProcessProblem.None)
            {
                pool.Warm();
            }

            return result;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ProcessLease> RentAsync(CancellationToken cancellation)
    {
        try
        {
            var result = await TestAsync(cancellation);
            return result.Problem == ProcessProblem.None ? await pool.RentAsync(cancellation) : new ProcessLease(null, result.Problem, result.Words);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException && !cancellation.IsCancellationRequested)
        {
            return new ProcessLease(null, ProcessProblem.Busy, "Tuppence is stopping.");
        }
    }

    /// <summary>Replaces the spare: after a sign-in, which the old one has not seen.</summary>
    public Task RenewAsync() => pool.RenewAsync();

    /// <summary>Whether somebody is signed in; null where the program could not be asked.</summary>
    public Task<bool?> IsSignedInAsync(CancellationToken cancellation) => program.IsSignedInAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await turn.WaitAsync();
        await pool.DisposeAsync();
        stopping.Dispose();
        turn.Dispose();
    }
}
