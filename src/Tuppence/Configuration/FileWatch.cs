namespace Tuppence.Configuration;

/// <summary>
/// Tells when a file, or anything directly inside a folder, has changed. It waits until changes have paused, survives editors that
/// replace a file by renaming another over it, Kubernetes' swapped symbolic links, and a folder that comes or goes.
/// </summary>
public sealed class FileWatch : IDisposable
{
    /// <summary>How long changes must have paused.</summary>
    public static readonly TimeSpan DefaultPause = TimeSpan.FromMilliseconds(200);

    /// <summary>How often what does not exist, or cannot be watched, is looked for.</summary>
    internal static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Lock calling = new();
    private readonly string path;
    private readonly TimeSpan pause;
    private readonly Action changed;
    private readonly ITimer timer;
    private FileSystemWatcher? inside;
    private FileSystemWatcher? beside;
    private bool noticed;
    private bool stale;
    private bool missing;
    private bool disposed;

    /// <summary>Starts to watch. What is read after this returns is never older than the next call back.</summary>
    /// <param name="path">A file or a folder; it need not exist yet.</param>
    /// <param name="time">Clock of the pause.</param>
    /// <param name="changed">Called on a thread of the pool, one call at a time. It must not throw.</param>
    /// <param name="pause">How long changes must have paused; <see cref="DefaultPause"/> where null.</param>
    public FileWatch(string path, TimeProvider time, Action changed, TimeSpan? pause = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        this.path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        this.changed = changed;
        this.pause = pause ?? DefaultPause;
        timer = time.CreateTimer(static state => ((FileWatch)state!).Settle(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        lock (gate)
        {
            Arm();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            timer.Dispose();
            inside?.Dispose();
            beside?.Dispose();
        }
    }

    /// <summary>Takes note of a change; the callback comes when no other follows within the pause.</summary>
    /// <param name="replaced">The thing itself came or went, so that it must be watched anew.</param>
    internal void Notice(bool replaced = false)
    {
        lock (gate)
        {
            if (!disposed)
            {
                noticed = true;
                stale |= replaced;
                timer.Change(pause, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Settle()
    {
        bool call;
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            var wasMissing = missing;
            call = noticed;
            noticed = false;
            Arm();
            call |= wasMissing && !missing;
        }

        if (call)
        {
            lock (calling)
            {
                changed();
            }
        }
    }

    // A watch lives and dies with the folder it was set on. So a folder is watched from inside, and from its parent for its own end;
    // while there is nothing to watch, time tells.
    private void Arm()
    {
        var isFolder = Directory.Exists(path);
        missing = !isFolder && !File.Exists(path);
        if (stale || beside is null || (isFolder && inside is null))
        {
            inside?.Dispose();
            beside?.Dispose();
            inside = isFolder ? Begin(path, (_, _) => Notice()) : null;
            beside = Path.GetDirectoryName(path) is { } parent ? Begin(parent, Beside) : null;
            stale = false;
        }

        if (missing || beside is null || (isFolder && inside is null))
        {
            timer.Change(LookAgain, Timeout.InfiniteTimeSpan);
        }
    }

    private void Beside(WatcherChangeTypes change, string? name)
    {
        // ..data is the link that Kubernetes swaps when a mounted ConfigMap changes.
        var itself = name == Path.GetFileName(path);
        if (itself || name is null || name.StartsWith("..", StringComparison.Ordinal))
        {
            Notice(replaced: itself && change != WatcherChangeTypes.Changed);
        }
    }

    private FileSystemWatcher? Begin(string folder, Action<WatcherChangeTypes, string?> seen)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size };
            watcher.Changed += (_, e) => seen(e.ChangeType, e.Name);
            watcher.Created += (_, e) => seen(e.ChangeType, e.Name);
            watcher.Deleted += (_, e) => seen(e.ChangeType, e.Name);
            watcher.Renamed += (_, e) =>
            {
                seen(e.ChangeType, e.OldName);
                seen(e.ChangeType, e.Name);
            };

            // Changes were lost: watch anew, and have them looked at.
            watcher.Error += (_, _) => Notice(replaced: true);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception gone) when (gone is IOException or ArgumentException or UnauthorizedAccessException)
        {
            watcher?.Dispose();
            return null;
        }
    }
}
