using Tuppence.Configuration.Loading;

namespace Tuppence.Commands;

/// <summary>The two servers that the command line can start.</summary>
public interface IHosts
{
    /// <summary>Serves the gateway until it is told to stop; gives the exit code.</summary>
    /// <param name="configuration">The checked configuration.</param>
    /// <param name="source">Where it came from, to watch it for changes.</param>
    /// <param name="stop">Asks the server to drain and stop. Signals are the server's own business.</param>
    Task<int> ServeAsync(LoadedConfiguration configuration, ConfigurationSource source, CancellationToken stop);

    /// <summary>Serves the emulator alone until it is told to stop; gives the exit code.</summary>
    Task<int> EmulateAsync(EmulateSettings settings, CancellationToken stop);
}
