namespace Tuppence.State.Sqlite;

/// <summary>Counts rows in and out of the queue, and lets those go on who wait for what they saw go in.</summary>
internal sealed class FlushWaits
{
    private readonly Lock gate = new();
    private readonly List<(long Count, TaskCompletionSource Done)> waiting = [];
    private long added;
    private long stored;

    /// <summary>Whether anyone waits.</summary>
    public bool Any
    {
        get
        {
            lock (gate)
            {
                return waiting.Count > 0;
            }
        }
    }

    /// <summary>A row went in.</summary>
    public void Added() => Interlocked.Increment(ref added);

    /// <summary>Completes when all that went in so far came out.</summary>
    public Task WaitAsync()
    {
        lock (gate)
        {
            var count = Interlocked.Read(ref added);
            if (stored >= count)
            {
                return Task.CompletedTask;
            }

            // Many may wait while the disk takes nothing: those for the same row wait together.
            if (waiting is [.., (var latest, { } waited)] && latest == count)
            {
                return waited.Task;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Add((count, done));
            return done.Task;
        }
    }

    /// <summary>Rows came out.</summary>
    public void Stored(int rows)
    {
        lock (gate)
        {
            stored += rows;
            foreach (var (_, done) in waiting.Where(one => one.Count <= stored))
            {
                done.TrySetResult();
            }

            waiting.RemoveAll(one => one.Count <= stored);
        }
    }
}
