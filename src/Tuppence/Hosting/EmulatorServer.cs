using Tuppence.Configuration;
using Tuppence.Emulator;

namespace Tuppence.Hosting;

/// <summary>The built-in emulator as an upstream inside the process.</summary>
internal sealed class EmulatorServer : IAsyncDisposable
{
    private readonly InMemoryServer server;
    private volatile EmulatorConfig config = new();

    /// <summary>A server that has not started.</summary>
    public EmulatorServer(ILoggerFactory logs, TimeProvider time) =>
        server = new InMemoryServer("the built-in emulator", () => new EmulatorApi(new EmulatorOptions { Pacing = config.Pacing }, time).HandleAsync, logs);

    /// <summary>What connections to the emulator are opened with.</summary>
    public InMemoryTransport Transport => server.Transport;

    /// <summary>Settings for the start.</summary>
    public void Configure(EmulatorConfig settings) => config = settings;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => server.DisposeAsync();
}
