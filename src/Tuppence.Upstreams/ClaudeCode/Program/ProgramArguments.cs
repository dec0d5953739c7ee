namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>The one command line that every process is started with; what differs between requests is told by standard input.</summary>
/// <remarks>
/// Measured with 2.1.330: <c>--setting-sources=</c> and <c>--safe-mode</c> keep settings, hooks and CLAUDE.md files out of the prompt,
/// <c>--tools=</c> leaves the program no tools of its own, <c>--no-session-persistence</c> keeps the chat off the disk, and
/// <c>--allowedTools</c> lets the model call the client's tools, which the program passes back by standard output.
/// Source of the flags: https://code.claude.com/docs/en/cli-reference (2026-08-22).
/// </remarks>
public static class ProgramArguments
{
    /// <summary>Name under which the client's tools are offered to the program.</summary>
    public const string ToolServer = "gw";

    /// <summary>The arguments after the program's name.</summary>
    public static IReadOnlyList<string> Answer { get; } =
    [
        "-p", "--verbose", "--output-format", "stream-json", "--input-format", "stream-json", "--include-partial-messages",
        "--safe-mode", "--setting-sources=", "--strict-mcp-config", "--tools=", "--no-session-persistence", "--max-turns", "1",
        "--thinking-display", "summarized", "--allowedTools", "mcp__" + ToolServer,
    ];

    /// <summary>Prints the version.</summary>
    public static IReadOnlyList<string> Version { get; } = ["--version"];

    /// <summary>Ends with 0 where somebody is signed in.</summary>
    public static IReadOnlyList<string> SignInState { get; } = ["auth", "status"];
}
