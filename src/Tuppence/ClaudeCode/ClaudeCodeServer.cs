using Tuppence.Configuration;
using Tuppence.Hosting;
using Tuppence.Telemetry;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.ClaudeCode.Program;
using Tuppence.Upstreams.Http1;

namespace Tuppence.ClaudeCode;

/// <summary>
/// The user's own Claude Code program as an upstream inside the process: it takes plain Messages requests over HTTP as any other upstream, without
/// a port, so that all that stands before and behind an upstream works as it does elsewhere. One for each set of options; on a reload that changes
/// them, answers under way are given out by the one that began them.
/// </summary>
internal sealed class ClaudeCodeServer : IAsyncDisposable
{
    private static int made;

    private readonly InMemoryServer server;
    private readonly ClaudeCodeMessages messages;

    /// <summary>A server that has not started, and a program that is being looked at.</summary>
    public ClaudeCodeServer(ClaudeCodeConfig config, ILoggerFactory logs, ILogger log, TimeProvider time)
    {
        Program = new CheckedProgram(new TestedProcesses(ProgramOptions.Of(config), time), ProgramWords.Login(config), time, log);
        messages = new ClaudeCodeMessages(Program, time, words => Log.ClaudeCodeSays(log, words));
        server = new InMemoryServer("the upstream claude-code", () => new ClaudeCodeEndpoint(messages, Program, log).HandleAsync, logs);
        // Connections are pooled by origin, and must not be those of the server before this one.
        Origin = new UpstreamOrigin { IsSecure = false, Host = ClaudeCodeConfig.Upstream, Port = Interlocked.Increment(ref made), Authority = ClaudeCodeConfig.Upstream };
        Log.ClaudeCodeOn(log);
        Program.Start();
    }

    /// <summary>What connections to it are opened with.</summary>
    public IConnector Connector => server.Transport;

    /// <summary>The place that stands for it where an upstream has an address.</summary>
    public UpstreamOrigin Origin { get; }

    /// <summary>The program, as far as it is known.</summary>
    public CheckedProgram Program { get; }

    /// <summary>What can be told of it.</summary>
    public ProgramReport Report => new(Program.State, messages.Limits);

    /// <summary>Ends it when the answers under way are given.</summary>
    public async Task RetireAsync()
    {
        await server.StopAsync(CancellationToken.None);
        await DisposeAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await messages.DisposeAsync();
        await Program.DisposeAsync();
    }
}
