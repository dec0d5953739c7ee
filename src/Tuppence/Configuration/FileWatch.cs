namespace Tuppence.Configuration;

/// <summary>
/// Tells when a file, or anything directly inside a folder, has changed. It waits until changes have paused, survives editors that
/// replace a file by renaming another over it, Kubernetes' swapped symbolic links, and a folder that comes or goes.
/// </summary>
public sealed class FileWatch : IDisposable
{
    /// <summary>How long changes must have paused.</summary>
    public static readonly TimeSpan DefaultPause = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private readonly Lock calling = new();
    private readonly string path;
    private readonly TimeSpan pause;
    private readonly Action changed;
    private readonly ITimer timer;
    private FileSystemWatcher? watcher;
    private bool disposed;

    /// <summary>Starts to watch.</summary>
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
        Arm();
    }

    /// <summary>Watches nothing.</summary>
    public static IDisposable Nothing { get; } = new MemoryStream([], writable: false);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            timer.Dispose();
            watcher?.Dispose();
        }
    }

    /// <summary>Takes note of a change; the callback comes when no other follows within the pause.</summary>
    internal void Notice()
    {
        lock (gate)
        {
            if (!disposed)
            {
                timer.Change(pause, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void Settle()
    {
        Arm();
        lock (calling)
        {
            if (!disposed)
            {
                changed();
            }
        }
    }

    // The folder itself where the path is one; else the nearest folder above that exists, for what will appear in it.
    private void Arm()
    {
        lock (gate)
        {
            var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(path);
            while (folder is not null && !Directory.Exists(folder))
            {
                folder = Path.GetDirectoryName(folder);
            }

            if (disposed || folder is null || (watcher is not null && watcher.Path == folder && watcher.EnableRaisingEvents))
            {
                return;
            }

            watcher?.Dispose();
            watcher = new FileSystemWatcher(folder) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size };
            watcher.Changed += (_, change) => Consider(folder, change.Name);
            watcher.Created += (_, change) => Consider(folder, change.Name);
            watcher.Deleted += (_, change) => Consider(folder, change.Name);
            watcher.Renamed += (_, change) =>
            {
                Consider(folder, change.OldName);
                Consider(folder, change.Name);
            };
            watcher.Error += (_, _) => Lost();
            watcher.EnableRaisingEvents = true;
        }
    }

    private void Consider(string folder, string? name)
    {
        // ..data is the link that Kubernetes swaps when a mounted ConfigMap changes.
        if (folder == path || name is null || name.StartsWith("..", StringComparison.Ordinal) ||
            path.StartsWith(Path.Combine(folder, name), StringComparison.Ordinal))
        {
            Notice();
        }
    }

    // Events were lost, or the folder went away: watch anew, and look once to be sure.
    private void Lost()
    {
        lock (gate)
        {
            watcher?.Dispose();
            watcher = null;
        }

        Notice();
    }
}
