namespace Tuppence.State.Sqlite;

/// <summary>A pause that another thread can end.</summary>
internal sealed class Wakening(TimeProvider time)
{
    private TaskCompletionSource wake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends the pause under way.</summary>
    public void Wake() => Interlocked.Exchange(ref wake, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Waits, at most so long, and not at all where <paramref name="isDue"/> says so. It is asked late enough that no call of <see cref="Wake"/> goes unheard.</summary>
    public async Task PauseAsync(TimeSpan most, Func<bool> isDue)
    {
        var woken = Volatile.Read(ref wake).Task;
        if (isDue())
        {
            return;
        }

        using var over = new CancellationTokenSource();
        await Task.WhenAny(woken, Task.Delay(most, time, over.Token));
        await over.CancelAsync();
    }
}
