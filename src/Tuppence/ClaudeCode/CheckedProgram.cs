using System.Diagnostics.CodeAnalysis;
using Tuppence.Telemetry;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.ClaudeCode.Program;

namespace Tuppence.ClaudeCode;

/// <summary>
/// Hands out processes of the user's program only while it is known to behave and somebody is signed in to it. It is looked at in the background
/// when the upstream comes into being; requests that come before wait for that. Where it was found wanting, a later request lets it be looked at again,
/// so that signing in, installing or updating it needs no restart.
/// </summary>
/// <param name="processes">Tests the program and starts its processes.</param>
/// <param name="login">The command that signs in.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it is told how it stands.</param>
internal sealed class CheckedProgram(TestedProcesses processes, string login, TimeProvider time, ILogger log) : IProcessSource, IAsyncDisposable
{
    // Less than whoever asks for a status waits.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1.5);

    private readonly CancellationTokenSource closing = new();
    private readonly Lock gate = new();
    private volatile ProgramState state = ProgramState.Checking;
    private Task<ProgramState>? look;

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
            if (known.Stage != ProgramStage.Ready)
            {
                return new ProcessLease(null, known.Problem, known.Words);
            }
        }

        // A program that was updated meanwhile is tested anew there.
        var lease = await processes.RentAsync(cancellation);
        if (lease.Problem is ProcessProblem.Missing or ProcessProblem.TooOld or ProcessProblem.Unexpected)
        {
            Put(new ProgramState(lease.Problem, lease.Words, known.Version));
        }

        return lease;
    }

    /// <summary>The program said that nobody is signed in to it: looks again, in the background.</summary>
    public void Doubt() => _ = LookAsync();

    /// <summary>Before somebody is told that a sign-in is missing: looks again, and waits a moment for what that shows.</summary>
    public async Task LookForSignInAsync(CancellationToken cancellation)
    {
        if (state.Stage == ProgramStage.NotSignedIn)
        {
            await ((Task)LookAsync()).WaitAsync(Moment, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
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
        await processes.DisposeAsync();
        closing.Dispose();
    }

    /// <summary>The look that is under way, or a new one.</summary>
    private Task<ProgramState> LookAsync()
    {
        lock (gate)
        {
            return look is { IsCompleted: false } ? look : look = RunAsync();
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever goes wrong there switches this upstream off and nothing else.")]
    private async Task<ProgramState> RunAsync()
    {
        // Not on the thread that starts the gateway, or holds the lock.
        await Task.Yield();
        try
        {
            var tested = await processes.TestAsync(closing.Token);
            var seen = tested.Problem != ProcessProblem.None ? new ProgramState(tested.Problem, tested.Words, tested.Version)
                : await processes.IsSignedInAsync(closing.Token) == false ? new ProgramState(ProcessProblem.NotSignedIn, $"Nobody is signed in to Claude Code. In a terminal of your own, run: {login}", tested.Version)
                : new ProgramState(ProcessProblem.None, "", tested.Version);
            if (seen.Stage == ProgramStage.Ready && state.Stage == ProgramStage.NotSignedIn)
            {
                // The spare was started before the sign-in.
                await processes.RenewAsync();
            }

            return Put(seen);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            return new ProgramState(ProcessProblem.Unexpected, "Tuppence is stopping.", null);
        }
        catch (Exception e)
        {
            return Put(new ProgramState(ProcessProblem.Unexpected, $"Claude Code could not be tried out: {e.Message}", null));
        }
    }

    private ProgramState Put(ProgramState seen)
    {
        var before = state;
        state = seen;
        if (seen != before && seen.Stage == ProgramStage.Ready)
        {
            Log.ClaudeCodeReady(log, seen.Text);
        }
        else if (seen != before)
        {
            Log.ClaudeCodeNotReady(log, seen.Text);
        }

        return seen;
    }
}
