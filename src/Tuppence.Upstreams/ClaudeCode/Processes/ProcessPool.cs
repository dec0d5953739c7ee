using System.Globalization;
using Tuppence.Upstreams.ClaudeCode.Program;

namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>
/// Hands out processes: a few at the same time, a short queue before them, and one spare that is started when the answers before it are finished.
/// </summary>
/// <remarks>
/// A process serves one answer, since what it was told stays with it. A spare that ends on its own is replaced; one that ends right after its start
/// says that others will too, and after three in a row the next requests get its words for a minute instead of processes.
/// </remarks>
public sealed class ProcessPool : IProcessSource, IAsyncDisposable
{
    private const int MaxEarlyEnds = 3;

    private static readonly TimeSpan EarlyEnd = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly LinkedList<TaskCompletionSource<bool>> waiting = new();
    private readonly HashSet<PooledProcess> rented = [];
    private readonly ClaudeCodeOptions options;
    private readonly TimeProvider time;
    private readonly ClaudeProgram program;
    private readonly ITimer aging;
    private Spare? spare;
    private int running;
    private int earlyEnds;
    private string lastWords = "";
    private DateTimeOffset pausedUntil;
    private bool isDisposed;

    /// <summary>A pool in which nothing runs yet.</summary>
    public ProcessPool(ClaudeCodeOptions options, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        program = new ClaudeProgram(options, time);
        aging = time.CreateTimer(_ => _ = RenewAsync().AsTask(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Process id of the spare's stand: whether one waits.</summary>
    public bool HasSpare
    {
        get
        {
            lock (gate)
            {
                return spare is not null;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ProcessLease> RentAsync(CancellationToken cancellation)
    {
        if (await EnterAsync(cancellation) is { } refusal)
        {
            return refusal;
        }

        var lease = await TakeAsync();
        if (lease.Process is null)
        {
            Leave();
        }

        return lease;
    }

    /// <summary>Starts the spare, where one is to be kept, none is there and nothing runs.</summary>
    public void Warm()
    {
        lock (gate)
        {
            if (!options.KeepsSpare || isDisposed || running > 0 || spare is not null || earlyEnds >= MaxEarlyEnds && time.GetUtcNow() < pausedUntil)
            {
                return;
            }

            var (process, _, words) = program.StartAnswer();
            if (process is null)
            {
                lastWords = words;
                return;
            }

            spare = new Spare(process, time.GetUtcNow(), ProgramStamp.Of(program.Find().Program));
            _ = WatchAsync(spare);
            aging.Change(options.SpareLife, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends the spare and starts another: after a sign-in, which the old one has not seen.</summary>
    public async ValueTask RenewAsync()
    {
        if (Remove() is { } old)
        {
            await old.Process.DisposeAsync();
        }

        Warm();
    }

    /// <summary>Ends all processes.</summary>
    public async ValueTask DisposeAsync()
    {
        List<PooledProcess> processes;
        lock (gate)
        {
            isDisposed = true;
            processes = [.. rented];
            foreach (var waiter in waiting)
            {
                waiter.TrySetResult(false);
            }

            waiting.Clear();
        }

        await aging.DisposeAsync();
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        if (Remove() is { } last)
        {
            await last.Process.DisposeAsync();
        }
    }

    /// <summary>A process is gone: the next in the queue may start, or the spare.</summary>
    internal void Return(PooledProcess process)
    {
        lock (gate)
        {
            rented.Remove(process);
        }

        Leave();
    }

    private static ProcessLease Refuse(ProcessProblem problem, string words) => new(null, problem, words);

    /// <summary>Waits for a place among those that run; null: there is one, and it is taken.</summary>
    private async ValueTask<ProcessLease?> EnterAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TaskCompletionSource<bool> turn;
        lock (gate)
        {
            if (isDisposed)
            {
                return Refuse(ProcessProblem.Busy, "Tuppence is stopping.");
            }

            if (earlyEnds >= MaxEarlyEnds && time.GetUtcNow() < pausedUntil)
            {
                return Refuse(ProcessProblem.Unexpected, lastWords);
            }

            if (running < options.Concurrency)
            {
                running++;
                return null;
            }

            if (waiting.Count >= options.QueueLength)
            {
                return Refuse(ProcessProblem.Busy, string.Create(CultureInfo.InvariantCulture, $"Claude Code is answering {running} requests and {waiting.Count} wait. Try again when one of them has its answer."));
            }

            turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.AddLast(turn);
        }

        await using var leaving = cancellation.UnsafeRegister(_ => GiveUp(turn), null);
        return await turn.Task.ConfigureAwait(false) ? null
            : cancellation.IsCancellationRequested ? throw new OperationCanceledException(cancellation)
            : Refuse(ProcessProblem.Busy, "Tuppence is stopping.");
    }

    private void GiveUp(TaskCompletionSource<bool> turn)
    {
        lock (gate)
        {
            // Who has been let in already stays in, and finds out by the next thing done.
            if (waiting.Remove(turn))
            {
                turn.SetResult(false);
            }
        }
    }

    private void Leave()
    {
        lock (gate)
        {
            if (waiting.First is { } next)
            {
                waiting.RemoveFirst();
                next.Value.SetResult(true);
                return;
            }

            running--;
        }

        Warm();
    }

    private async ValueTask<ProcessLease> TakeAsync()
    {
        var kept = Remove();
        if (kept is not null && (kept.Process.Ended.IsCompleted || time.GetUtcNow() - kept.Started >= options.SpareLife || kept.Stamp != ProgramStamp.Of(program.Find().Program)))
        {
            await kept.Process.DisposeAsync();
            kept = null;
        }

        var (process, problem, words) = kept is null ? program.StartAnswer() : new ProcessLease(kept.Process, ProcessProblem.None, "");
        if (process is null)
        {
            return Refuse(problem, words);
        }

        var pooled = new PooledProcess(process, this);
        lock (gate)
        {
            if (!isDisposed)
            {
                rented.Add(pooled);
                return new ProcessLease(pooled, ProcessProblem.None, "");
            }
        }

        await process.DisposeAsync();
        return Refuse(ProcessProblem.Busy, "Tuppence is stopping.");
    }

    private Spare? Remove()
    {
        lock (gate)
        {
            var old = spare;
            spare = null;
            return old;
        }
    }

    /// <summary>Replaces a spare that ended on its own.</summary>
    private async Task WatchAsync(Spare watched)
    {
        var end = await watched.Process.Ended.ConfigureAwait(false);
        lock (gate)
        {
            if (spare != watched)
            {
                // Taken, or ended by us.
                earlyEnds = 0;
                return;
            }

            spare = null;
            if (time.GetUtcNow() - watched.Started >= EarlyEnd)
            {
                earlyEnds = 0;
            }
            else if (++earlyEnds >= MaxEarlyEnds)
            {
                pausedUntil = time.GetUtcNow() + Pause;
                lastWords = string.Create(CultureInfo.InvariantCulture, $"The Claude Code program ends as soon as it starts, with exit code {end.ExitCode}{(end.Words.Length > 0 ? ": " + end.Words : "")}. Run “claude” in a terminal to see whether it works there. Tuppence tries again in a minute.");
            }
        }

        await watched.Process.DisposeAsync();
        Warm();
    }
}
