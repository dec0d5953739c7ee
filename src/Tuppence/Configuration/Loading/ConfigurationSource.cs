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

    /// <summary>
    /// Reads the file again whenever it changes, until disposed. Calls back on a thread of the pool, one call at a time.
    /// Without a file there is nothing to watch. Call it after <see cref="Load"/>, and after the gateway listens: it costs a thread.
    /// </summary>
    /// <param name="changed">Gets the new configuration.</param>
    /// <param name="failed">Gets the errors of a file that was not taken; the last good configuration stays in use.</param>
    public IDisposable Watch(Action<LoadedConfiguration> changed, Action<IReadOnlyList<ConfigError>> failed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        ArgumentNullException.ThrowIfNull(failed);
        if (Current?.File is not { } file)
        {
            return FileWatch.Nothing;
        }

        return new FileWatch(file, time, () =>
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
        });
    }
}
