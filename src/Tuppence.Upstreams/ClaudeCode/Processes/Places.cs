namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>Places for those that run, and a short queue before them: who came first goes first.</summary>
/// <param name="places">How many run at the same time.</param>
/// <param name="queueLength">How many wait.</param>
internal sealed class Places(int places, int queueLength)
{
    private readonly Lock gate = new();
    private readonly LinkedList<TaskCompletionSource<bool>> waiting = new();
    private int running;
    private bool isClosed;

    /// <summary>Whether nobody has a place.</summary>
    public bool AreFree => Volatile.Read(ref running) == 0;

    /// <summary>Takes a place, or waits for one.</summary>
    /// <exception cref="OperationCanceledException">Who waited has left; no place is taken.</exception>
    public async ValueTask<PlaceOutcome> EnterAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TaskCompletionSource<bool> turn;
        lock (gate)
        {
            if (isClosed)
            {
                return PlaceOutcome.Closed;
            }

            if (running < places)
            {
                running++;
                return PlaceOutcome.Taken;
            }

            if (waiting.Count >= queueLength)
            {
                return PlaceOutcome.Full;
            }

            turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.AddLast(turn);
        }

        await using var leaving = cancellation.UnsafeRegister(_ => GiveUp(turn), null);
        return await turn.Task.ConfigureAwait(false) ? PlaceOutcome.Taken
            : cancellation.IsCancellationRequested ? throw new OperationCanceledException(cancellation)
            : PlaceOutcome.Closed;
    }

    /// <summary>Gives a place up, to the first that waits.</summary>
    public void Leave()
    {
        lock (gate)
        {
            if (waiting.First is { } next)
            {
                waiting.RemoveFirst();
                next.Value.SetResult(true);
            }
            else
            {
                running--;
            }
        }
    }

    /// <summary>Sends away all that wait, and whoever comes.</summary>
    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            foreach (var turn in waiting)
            {
                turn.SetResult(false);
            }

            waiting.Clear();
        }
    }

    private void GiveUp(TaskCompletionSource<bool> turn)
    {
        lock (gate)
        {
            // Who has been let in already stays in, and leaves as any other.
            if (waiting.Remove(turn))
            {
                turn.SetResult(false);
            }
        }
    }
}
