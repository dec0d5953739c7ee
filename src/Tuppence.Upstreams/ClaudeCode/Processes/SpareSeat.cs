using System.Globalization;
using Tuppence.Upstreams.ClaudeCode.Program;

namespace Tuppence.Upstreams.ClaudeCode.Processes;

/// <summary>Where the one spare waits. It is replaced when it is old, when it has ended on its own, and when the program was updated.</summary>
/// <remarks>
/// A spare that ends right after its start says that others will, too: after three in a row none is started for a minute, and requests get its last
/// words in place of a process.
/// </remarks>
/// <param name="options">Whether a spare is kept, and how long.</param>
/// <param name="program">The program.</param>
/// <param name="time">The clock.</param>
/// <param name="places">Where it is seen whether something runs: a spare is started only while nothing does, since starting takes the processor for a third of a second.</param>
internal sealed class SpareSeat(ClaudeCodeOptions options, ClaudeProgram program, TimeProvider time, Places places) : IAsyncDisposable
{
    private const int MaxEarlyEnds = 3;

    private static readonly TimeSpan EarlyEnd = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private Spare? spare;
    private ITimer? aging;
    private int earlyEnds;
    private DateTimeOffset pausedUntil;
    private string lastWords = "";
    private bool isClosed;

    /// <summary>Whether a spare waits.</summary>
    public bool IsTaken
    {
        get
        {
            lock (gate)
            {
                return spare is not null;
            }
        }
    }

    /// <summary>Words for people while the program is known to end as soon as it starts; else null.</summary>
    public string? Paused
    {
        get
        {
            lock (gate)
            {
                return earlyEnds >= MaxEarlyEnds && time.GetUtcNow() < pausedUntil ? lastWords : null;
            }
        }
    }

    /// <summary>Starts a spare, where one is to be kept, none waits, and nothing runs.</summary>
    public void Fill()
    {
        lock (gate)
        {
            // Where it cannot be started, the request that needs it is told why.
            if (options.KeepsSpare && !isClosed && spare is null && places.AreFree && Paused is null && program.StartAnswer().Process is { } process)
            {
                spare = new Spare(process, time.GetUtcNow(), ProgramStamp.Of(program.Find().Program));
                _ = WatchAsync(spare);
                aging?.Dispose();
                aging = time.CreateTimer(_ => _ = RenewAsync(), null, options.SpareLife, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The spare's process, if there is one that may be used.</summary>
    public IClaudeProcess? Take()
    {
        if (Remove() is not { } taken)
        {
            return null;
        }

        // A machine that slept has slept through the timer.
        if (!taken.Process.Ended.IsCompleted && time.GetUtcNow() - taken.Started < options.SpareLife && taken.Stamp == ProgramStamp.Of(program.Find().Program))
        {
            return taken.Process;
        }

        _ = taken.EndAsync();
        return null;
    }

    /// <summary>Ends the spare and starts another.</summary>
    public async Task RenewAsync()
    {
        if (Remove() is { } old)
        {
            await old.EndAsync();
        }

        Fill();
    }

    /// <summary>Ends the spare, and starts no other.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            isClosed = true;
            aging?.Dispose();
        }

        if (Remove() is { } last)
        {
            await last.EndAsync();
        }
    }

    private Spare? Remove()
    {
        lock (gate)
        {
            var removed = spare;
            spare = null;
            return removed;
        }
    }

    private async Task WatchAsync(Spare watched)
    {
        var end = await watched.Process.Ended.ConfigureAwait(false);
        lock (gate)
        {
            if (spare != watched)
            {
                // Taken, or ended from here: it stood as long as it was to stand.
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
                lastWords = string.Create(CultureInfo.InvariantCulture, $"The Claude Code program ends as soon as it starts, with exit code {end.ExitCode}{(end.Words.Length > 0 ? $" and the words “{end.Words}”" : "")}. See whether “claude” works in a terminal. It is tried again after a minute.");
            }
        }

        await watched.Process.DisposeAsync();
        Fill();
    }
}
