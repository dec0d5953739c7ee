using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Tuppence.Tests.Scenes;

/// <summary>A clock that stands still until a test moves it, and that tells which timers were armed, so that no test need guess when to move it.</summary>
public sealed class GatewayClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> armed = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Observed(this, base.CreateTimer(callback, state, dueTime, period));
        armed.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Forgets what was armed so far.</summary>
    public void Forget()
    {
        while (armed.Reader.TryRead(out _))
        {
            // Seen.
        }
    }

    /// <summary>Waits until a timer is armed for exactly <paramref name="due"/>; arms seen on the way are forgotten.</summary>
    public async Task UntilArmedAsync(TimeSpan due)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await armed.Reader.ReadAsync(limit.Token) != due)
        {
            // Another timer.
        }
    }

    /// <summary>Waits until a timer is armed for anything else than <paramref name="except"/>, and gives what for.</summary>
    public async Task<TimeSpan> NextArmedAsync(TimeSpan except)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await armed.Reader.ReadAsync(limit.Token) is var due && due != except)
            {
                return due;
            }
        }
    }

    /// <summary>Moves on by <paramref name="step"/>, again each time the timer was only armed anew, until <paramref name="task"/> ends.</summary>
    public async Task<T> AdvanceUntilAsync<T>(Task<T> task, TimeSpan step)
    {
        while (true)
        {
            Advance(step);
            var rearmed = UntilArmedAsync(step);
            if (await Task.WhenAny(task, rearmed) == task)
            {
                return await task;
            }

            await rearmed;
        }
    }

    /// <summary>Moves on each time one of the waits is armed, until <paramref name="task"/> ends.</summary>
    public async Task<T> AdvanceThroughAsync<T>(Task<T> task, params TimeSpan[] waits)
    {
        foreach (var wait in waits)
        {
            await UntilArmedAsync(wait);
            Advance(wait);
        }

        return await task;
    }

    /// <summary>Moves on to the end of every wait, as it is armed, until <paramref name="task"/> ends.</summary>
    public async Task<T> AdvanceThroughAllAsync<T>(Task<T> task)
    {
        while (true)
        {
            var next = armed.Reader.ReadAsync().AsTask();
            if (await Task.WhenAny(task, next) == task)
            {
                return await task;
            }

            if (await next is var due && due > TimeSpan.Zero)
            {
                Advance(due);
            }
        }
    }

    private sealed class Observed(GatewayClock clock, ITimer timer) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var changed = timer.Change(dueTime, period);
            clock.armed.Writer.TryWrite(dueTime);
            return changed;
        }

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
