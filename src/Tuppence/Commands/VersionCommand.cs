using System.CommandLine;
using System.Reflection;

namespace Tuppence.Commands;

/// <summary><c>tuppence version</c>.</summary>
internal static class VersionCommand
{
    /// <summary>Name and version, such as <c>tuppence 1.2.3</c>, from the git tag of the build.</summary>
    public static string Text { get; } =
        "tuppence " + (typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0");

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
