namespace Tuppence.Configuration.Loading;

/// <summary>The one source of configuration: reads all layers at start and again whenever the file changes.</summary>
/// <param name="surroundings">Environment and directories, as they were at start.</param>
/// <param name="flags">Values of the command line.</param>
/// <param name="configFlag">Value of <c>--config</c>, or null.</param>
/// <param name="time">Clock of the pause after a change of the file.</param>
public sealed class ConfigurationSource(Surroundings surroundings, IReadOnlyList<FlagSetting> flags, string? configFlag, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly ConfigurationLoader loader = new(surroundings, flags, configFlag);
    private LoadedConfiguration? current;
    private Action? begin;

    /// <summary>The last configuration that passed every check; null before the first.</summary>
    public LoadedConfiguration? Current => Volatile.Read(ref current);

    /// <summary>
    /// Reads everything anew. Where it is right it becomes <see cref="Current"/>; where it is not, the last good one stays.
    /// From the second time on, options that need a restart keep their value, and a warning says so.
    /// </summary>
    /// <param name="listens">False where nothing is going to listen, so that it does not matter who could reach it.</param>
    public LoadResult Load(bool listens = true)
    {
        lock (gate)
        {
            var result = loader.Load(current, listens);
            if (result.Loaded is not null)
            {
                Volatile.Write(ref current, result.Loaded);
            }

            return result;
        }
    }

    /// <summary>Reads everything anew, with <paramref name="candidate"/> in place of the file's content where it is given. Changes nothing: to see what would come of it.</summary>
    internal LoadResult Try(byte[]? candidate) => loader.Try(candidate);

    /// <summary>Full path of the file, or of the one that would be found if it were made.</summary>
    internal string FileToWrite => loader.FileToWrite;

    /// <summary>A file has been made where there was none: it is read, and watched from now on.</summary>
    internal void Made() => begin?.Invoke();

    /// <summary>
    /// Reads the file again whenever it changes, until disposed. Calls back on a thread of the pool, one call at a time.
    /// Without a file there is nothing to watch until one is made. Call it after <see cref="Load"/>, and after the gateway listens: it costs a thread.
    /// </summary>
    /// <param name="changed">Gets the new configuration.</param>
    /// <param name="failed">Gets the errors of a file that was not taken; the last good configuration stays in use.</param>
    public IDisposable Watch(Action<LoadedConfiguration> changed, Action<IReadOnlyList<ConfigError>> failed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        ArgumentNullException.ThrowIfNull(failed);
        void Reload()
        {
            var result = Load();
            if (result.Loaded is { } loaded)
            {
                changed(loaded);
            }
            else
            {
                failed(result.Errors);
            }
        }

        if (Current?.File is { } file)
        {
            return new FileWatch(file, time, Reload);
        }

        var late = new LateWatch();
        begin = () =>
        {
            if (late.TryBegin(() => new FileWatch(FileToWrite, time, Reload)))
            {
                Reload();
            }
        };
        return late;
    }
}
