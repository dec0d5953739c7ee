using System.Diagnostics;
using System.Globalization;
using Tuppence.Configuration;

namespace Tuppence.Tests.Scenes;

/// <summary>A program that stands in for the user's Claude Code and talks as it does; what it is to do, and what it was told. Linux and macOS.</summary>
public sealed class TalkingProgram : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tuppence-stand-in-").FullName;

    public TalkingProgram(params string[] plan)
    {
        Plan(plan);
        var driver = System.IO.Path.Combine(AppContext.BaseDirectory, "Tuppence.ClaudeStandIn.dll");
        File.CreateSymbolicLink(Path, System.IO.Path.Combine(AppContext.BaseDirectory, "stand-in", "claude"));
        File.WriteAllText(System.IO.Path.Combine(folder, "behaviour"), $"exec '{TokenProcess.Dotnet}' '{driver}' '{folder}' \"$@\"\n");
    }

    /// <summary>What is configured as the program.</summary>
    public string Path => System.IO.Path.Combine(folder, "claude");

    /// <summary>All that it was told so far: command lines, environments, lines of input.</summary>
    public string Calls => File.Exists(System.IO.Path.Combine(folder, "calls.txt")) ? File.ReadAllText(System.IO.Path.Combine(folder, "calls.txt")) : "";

    /// <summary>Whether a process of it lives.</summary>
    public bool IsRunning => Calls.Split('\n').Where(static line => line.StartsWith("pid ", StringComparison.Ordinal)).Any(static line => IsAlive(int.Parse(line.AsSpan(4), CultureInfo.InvariantCulture)));

    /// <summary>Lets those go on that wait.</summary>
    public void GoOn() => File.WriteAllText(System.IO.Path.Combine(folder, "go"), "");

    /// <summary>Changes what it is to do from its next start on; see <c>tests/Tuppence.ClaudeStandIn/Program.cs</c>.</summary>
    public void Plan(params string[] lines) => File.WriteAllLines(System.IO.Path.Combine(folder, "plan"), lines);

    /// <summary>A configuration in which it is on.</summary>
    public GatewayConfig In(GatewayConfig config) => config with { ClaudeCode = new ClaudeCodeConfig { Enabled = true, Program = Path, KeepSpare = false } };

    /// <summary>As <see cref="In"/>, and everything goes there.</summary>
    public GatewayConfig AsUpstream(GatewayConfig config) => In(config) with { Upstream = ClaudeCodeConfig.Upstream };

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
