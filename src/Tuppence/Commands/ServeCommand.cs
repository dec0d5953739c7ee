using Tuppence.Configuration.Loading;

namespace Tuppence.Commands;

/// <summary><c>tuppence</c>: serves the gateway.</summary>
internal sealed class ServeCommand(IHosts hosts, Terminal terminal)
{
    /// <summary>Loads the configuration and serves; a wrong configuration is reported in full and nothing starts.</summary>
    public Task<int> RunAsync(ConfigurationSource source, CancellationToken stop)
    {
        var result = source.Load();
        if (result.Loaded is { } loaded)
        {
            return hosts.ServeAsync(loaded, source, stop);
        }

        ErrorReport.Write(terminal.Error, result.Errors, "Nothing was started.", terminal.Alarm);
        return Task.FromResult(ExitCode.Config);
    }
}
