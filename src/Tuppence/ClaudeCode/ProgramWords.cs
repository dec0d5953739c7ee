using Tuppence.Configuration;

namespace Tuppence.ClaudeCode;

/// <summary>What people are told of the upstream, in one place so that it is the same everywhere.</summary>
internal static class ProgramWords
{
    /// <summary>That it is on, and who decides whether it may be.</summary>
    public const string Notice =
        "Claude Code is on: requests that are sent to the upstream claude-code are answered by your own, signed-in Claude Code program, for you alone. Its provider's terms decide whether your plan may be used in this way. An API key is the recommended route.";

    /// <summary>That signing in and out is the program's own affair.</summary>
    public const string OwnAffair = "Signing in to Claude Code is the program's own affair: Tuppence does not do it, and sees nothing of it. In a terminal of your own, run:";

    /// <summary>The command that signs in.</summary>
    public static string Login(ClaudeCodeConfig config) => CommandOf(config) + " auth login";

    /// <summary>The command that signs out.</summary>
    public static string Logout(ClaudeCodeConfig config) => CommandOf(config) + " auth logout";

    private static string CommandOf(ClaudeCodeConfig config) => config.Program is not { } path ? "claude" : path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}
