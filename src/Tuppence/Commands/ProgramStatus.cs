using System.Text.Json;
using Tuppence.ClaudeCode;
using Tuppence.Configuration;

namespace Tuppence.Commands;

/// <summary>The state of the upstream <c>claude-code</c>, as the running gateway tells it.</summary>
/// <param name="Text">In one phrase.</param>
/// <param name="Json">As an object, or null where no gateway tells.</param>
/// <param name="IsSignInNeeded">Whether nobody is signed in to the program.</param>
internal sealed record ProgramStatus(string Text, string? Json, bool IsSignInNeeded)
{
    /// <summary>Asks the gateway that this configuration is of.</summary>
    public static async Task<ProgramStatus> ReadAsync(GatewayConfig config, TimeProvider time, CancellationToken stop)
    {
        var (_, body, problem) = await new RunningGateway(config, time).GetAsync("/auth/status?format=json", stop);
        if (problem is not null)
        {
            return new ProgramStatus($"on; how it fares only a running gateway tells, and {problem}", null, false);
        }

        using var page = JsonDocument.Parse(body);
        return page.RootElement.TryGetProperty("claude_code"u8, out var told)
            ? new ProgramStatus(told.GetProperty("text"u8).GetString()!, told.GetRawText(), told.GetProperty("state"u8).ValueEquals("not_signed_in"u8))
            : new ProgramStatus("off in the gateway that runs; it was started with another configuration", null, false);
    }

    /// <summary>Says what to run in a terminal; nothing else is done.</summary>
    public static int Tell(Terminal terminal, string command)
    {
        terminal.Output.WriteLine(ProgramWords.OwnAffair);
        terminal.Output.WriteLine($"  {terminal.Strong(command)}");
        return ExitCode.Success;
    }
}
