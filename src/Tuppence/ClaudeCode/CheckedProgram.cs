using System.Diagnostics.CodeAnalysis;
using Tuppence.Telemetry;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.ClaudeCode.Program;

namespace Tuppence.ClaudeCode;

/// <summary>
/// Hands out processes of the user's program only while it is known to behave. It is looked at in the background when the upstream comes into
/// being; requests that come before wait for that. Where it was found wanting, a later request lets it be looked at again, so that signing in or
/// installing it needs no restart.
/// </summary>
/// <param name="pool">Where processes come from.</param>
/// <param name="checkAsync">The look at the program.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it is told how it ends.</param>
internal sealed class CheckedProgram(
    IProcessSource pool, Func<CancellationToken, Task<SelfTestResult>> checkAsync, TimeProvider time, ILogger log) : IProcessSource, IAsyncDisposable
{
    // A sign-in is looked for whenever it is missed. What is wrong with the program itself does not change that fast, and costs a second to see.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource closing = new();
    private readonly Lock gate = new();
    private volatile ProgramState state = ProgramState.Checking;
    private Task<ProgramState>? look;
    private long lookedAt;

    /// <summary>What the last look has shown.</summary>
    public ProgramState State => state;

    /// <summary>Begins to look; comes back at once.</summary>
    public void Start() => _ = LookAsync();

    /// <inheritdoc/>
    public async ValueTask<ProcessLease> RentAsync(CancellationToken cancellation)
    {
        var known = state;
        if (known.Stage != ProgramStage.Ready)
        {
            known = await LookAsync().WaitAsync(cancellation);
        }

        return known.Stage == ProgramStage.Ready ? await pool.RentAsync(cancellation) : new ProcessLease(null, known.Problem, known.Words);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        Task? under;
        lock (gate)
        {
            under = look;
        }

        await (under ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        closing.Dispose();
    }

    /// <summary>The look under way, or a new one where that is worth it, or what is known.</summary>
    private Task<ProgramState> LookAsync()
    {
        lock (gate)
        {
            if (look is { IsCompleted: false } || (look is not null && state.Stage == ProgramStage.SwitchedOff && time.GetElapsedTime(lookedAt) < Patience))
            {
                return look;
            }

            return look = RunAsync();
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever goes wrong there switches this upstream off and nothing else.")]
    private async Task<ProgramState> RunAsync()
    {
        // Not on the thread that starts the gateway, or holds the lock.
        await Task.Yield();
        ProgramState seen;
        try
        {
            var found = await checkAsync(closing.Token);
            seen = new ProgramState(found.Problem, found.Words, found.Version);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            return new ProgramState(ProcessProblem.Unexpected, "Tuppence is stopping.", null);
        }
        catch (Exception e)
        {
            seen = new ProgramState(ProcessProblem.Unexpected, $"It could not be checked: {e.Message}", null);
        }

        lookedAt = time.GetTimestamp();
        var before = state;
        state = seen;
        if (seen != before)
        {
            Tell(seen);
        }

        return seen;
    }

    private void Tell(ProgramState seen)
    {
        if (seen.Stage == ProgramStage.Ready)
        {
            Log.ClaudeCodeReady(log, seen.Text);
        }
        else
        {
            Log.ClaudeCodeNotReady(log, seen.Text);
        }
    }
}
