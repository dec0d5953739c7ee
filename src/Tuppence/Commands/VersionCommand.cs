using System.CommandLine;
using System.Reflection;

namespace Tuppence.Commands;

/// <summary><c>tuppence version</c>.</summary>
internal static class VersionCommand
{
    /// <summary>The version with its commit, such as <c>1.2.3+0a1b2c3</c>, from the git tag of the build. Scripts read it, so nothing else stands there.</summary>
    public static string Text { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    public static Command Describe(Terminal terminal)
    {
        var command = new Command("version", "Prints the version.");
        command.SetAction(_ =>
        {
            terminal.Output.WriteLine(Text);
            return ExitCode.Success;
        });
        return command;
    }
}
