using Tuppence.Configuration;
using Tuppence.Upstreams.ClaudeCode;

namespace Tuppence.ClaudeCode;

/// <summary>Compiles what the configuration says of the user's program.</summary>
internal static class ProgramOptions
{
    /// <summary>How it is found and run.</summary>
    public static ClaudeCodeOptions Of(ClaudeCodeConfig config) => new()
    {
        ProgramPath = config.Program,
        ClientApp = ProductVersion.UserAgent,
        Variables = config.Environment,
        Concurrency = config.Concurrency,
        QueueLength = config.QueueLength,
        KeepsSpare = config.KeepSpare,
    };
}
