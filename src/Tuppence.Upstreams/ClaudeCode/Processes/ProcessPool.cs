using System.Globalization;
using Tuppence.Upstreams.ClaudeCode.Program;

namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>
/// Hands out processes: a few at the same time, a short queue before them, and one spare that is started once the answers before it are finished.
/// A process serves one answer, since what it was told stays with it.
/// </summary>
public sealed class ProcessPool : IProcessSource, IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly HashSet<PooledProcess> rented = [];
    private readonly ClaudeCodeOptions options;
    private readonly ClaudeProgram program;
    private readonly Places places;
    private readonly SpareSeat spare;
    private bool isDisposed;

    /// <summary>A pool in which nothing runs yet.</summary>
    /// <param name="options">How the program is found and run.</param>
    /// <param name="time">The clock.</param>
    public ProcessPool(ClaudeCodeOptions options, TimeProvider time)
    {
        this.options = options;
        program = new ClaudeProgram(options, time);
        places = new Places(options.Concurrency, options.QueueLength);
        spare = new SpareSeat(options, program, time, places);
    }

    /// <summary>Whether a spare waits.</summary>
    public bool HasSpare => spare.IsTaken;

    /// <inheritdoc/>
    public async ValueTask<ProcessLease> RentAsync(CancellationToken cancellation)
    {
        if (spare.Paused is { } words)
        {
            return new ProcessLease(null, ProcessProblem.Unexpected, words);
        }

        switch (await places.EnterAsync(cancellation))
        {
            case PlaceOutcome.Full:
                return new ProcessLease(null, ProcessProblem.Busy, string.Create(CultureInfo.InvariantCulture, $"Claude Code is answering {options.Concurrency} requests, and {options.QueueLength} more wait. Try again when one of them has its answer."));
            case PlaceOutcome.Closed:
                return Stopping;
        }

        var lease = spare.Take() is { } kept ? new ProcessLease(kept, ProcessProblem.None, "") : program.StartAnswer();
        if (lease.Process is not { } process)
        {
            places.Leave();
            return lease;
        }

        var pooled = new PooledProcess(process, this);
        lock (gate)
        {
            if (!isDisposed)
            {
                rented.Add(pooled);
                return lease with { Process = pooled };
            }
        }

        await process.DisposeAsync();
        return Stopping;
    }

    /// <summary>Starts the spare, where one is to be kept and none waits. It needs no request to have come before.</summary>
    public void Warm() => spare.Fill();

    /// <summary>Ends the spare and starts another: after a sign-in, which the old one has not seen.</summary>
    public Task RenewAsync() => spare.RenewAsync();

    /// <summary>Ends all processes.</summary>
    public async ValueTask DisposeAsync()
    {
        places.Close();
        List<PooledProcess> processes;
        lock (gate)
        {
            isDisposed = true;
            processes = [.. rented];
        }

        // First, since each process that ends would let another spare start.
        await spare.DisposeAsync();
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }
    }

    /// <summary>A process is gone: the next in the queue may start, or the spare.</summary>
    internal void Return(PooledProcess process)
    {
        lock (gate)
        {
            rented.Remove(process);
        }

        places.Leave();
        spare.Fill();
    }

    private static ProcessLease Stopping => new(null, ProcessProblem.Busy, "Tuppence is stopping.");
}
