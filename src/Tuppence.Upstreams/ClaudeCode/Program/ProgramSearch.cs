namespace Tuppence.Upstreams.ClaudeCode.Program;

/// <summary>Finds the user's Claude Code program: the configured path, else PATH, else the places that its installers use.</summary>
/// <remarks>
/// On Windows it is the <c>.exe</c>, never npm's <c>.cmd</c>: a batch file reads its arguments by other rules. Nothing below <c>~/.claude</c> is looked at,
/// since the program keeps its credentials there.
/// </remarks>
public static class ProgramSearch
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The program's full path, or words for people: what is wrong and what to do.</summary>
    public static (string? Program, string Words) Find(ClaudeCodeOptions options)
    {
        if (options.ProgramPath is { } configured)
        {
            return Path.GetExtension(configured).ToLowerInvariant() is ".cmd" or ".bat" or ".ps1"
                ? (null, $"“{configured}” is a script that npm made. Name the program itself, which is node_modules\\@anthropic-ai\\claude-code\\bin\\claude.exe beside it.")
                : !File.Exists(configured) ? (null, $"There is no Claude Code program at “{configured}”. Correct the configured path, or leave it out to have the program looked for.")
                : !IsProgram(configured) ? (null, $"“{configured}” may not be run. Make it executable, or correct the configured path.")
                : (Path.GetFullPath(configured), "");
        }

        return Places(options.Variables).FirstOrDefault(IsProgram) is { } found
            ? (found, "")
            : (null, "The Claude Code program was not found, neither in PATH nor where its installers put it. Install it (https://code.claude.com/docs/en/setup), or configure its path.");
    }

    private static IEnumerable<string> Places(IReadOnlyDictionary<string, string> variables)
    {
        var name = OperatingSystem.IsWindows() ? "claude.exe" : "claude";
        foreach (var folder in (variables.GetValueOrDefault("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // A relative entry would mean another program in each folder.
            if (Path.IsPathFullyQualified(folder))
            {
                yield return Path.Combine(folder, name);
            }
        }

        if (variables.GetValueOrDefault(OperatingSystem.IsWindows() ? "USERPROFILE" : "HOME") is { Length: > 0 } home)
        {
            yield return Path.Combine(home, ".local", "bin", name);
            if (!OperatingSystem.IsWindows())
            {
                yield return Path.Combine(home, ".npm-global", "bin", name);
            }
        }

        foreach (var prefix in NpmPrefixes(variables))
        {
            yield return OperatingSystem.IsWindows()
                ? Path.Combine(prefix, "node_modules", "@anthropic-ai", "claude-code", "bin", name)
                : Path.Combine(prefix, "bin", name);
        }
    }

    private static IEnumerable<string> NpmPrefixes(IReadOnlyDictionary<string, string> variables)
    {
        // npm takes the variable in either case. Its file .npmrc, which can hold tokens, is not read.
        foreach (var variable in (string[])["npm_config_prefix", "NPM_CONFIG_PREFIX"])
        {
            if (variables.GetValueOrDefault(variable) is { } prefix && Path.IsPathFullyQualified(prefix))
            {
                yield return prefix;
            }
        }

        if (OperatingSystem.IsWindows())
        {
            if (variables.GetValueOrDefault("APPDATA") is { Length: > 0 } applications)
            {
                yield return Path.Combine(applications, "npm");
            }
        }
        else
        {
            yield return "/usr/local";
            yield return "/opt/homebrew";
        }
    }

    private static bool IsProgram(string path) => File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != UnixFileMode.None);
}
