using Tuppence.Commands;
using Tuppence.Configuration.Loading;

namespace Tuppence;

/// <summary>Starts a bare listener; the hosting part of the gateway takes its place.</summary>
internal sealed class Hosts(Terminal terminal) : IHosts
{
    public Task<int> ServeAsync(LoadedConfiguration configuration, ConfigurationSource source, CancellationToken stop) =>
        ListenAsync(configuration.Config.Host, configuration.Config.Port, stop);

    public Task<int> EmulateAsync(EmulateSettings settings, CancellationToken stop) => ListenAsync(settings.Host, settings.Port, stop);

    private async Task<int> ListenAsync(string host, int port, CancellationToken stop)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");
        await using var app = builder.Build();
        await app.StartAsync(stop);
        terminal.Output.WriteLine($"Listening on {app.Urls.First()}");
        await app.WaitForShutdownAsync(stop);
        return ExitCode.Success;
    }
}
