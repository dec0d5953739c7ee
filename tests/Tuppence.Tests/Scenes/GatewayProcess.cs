using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Tuppence.Tests.Scenes;

/// <summary>The built program as a process of its own, for what only a process has: memory, signals, an exit code.</summary>
public sealed partial class GatewayProcess : IAsyncDisposable
{
    public const int Terminate = 15;

    private const string ListensOn = "listens on http://127.0.0.1:";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly string directory;
    private readonly Task<string> errors;
    private Task<string>? rest;

    private GatewayProcess(Process process, string directory) =>
        (this.process, this.directory, errors) = (process, directory, process.StandardError.ReadToEndAsync());

    public int Port { get; private set; }

    /// <summary>Memory that is resident now, in bytes.</summary>
    public long ResidentBytes => Memory("VmRSS");

    /// <summary>The most memory that was ever resident, in bytes.</summary>
    public long PeakBytes => Memory("VmHWM");

    /// <summary>Starts the gateway on a free loopback port and waits until it listens.</summary>
    public static async Task<GatewayProcess> StartAsync(params string[] args)
    {
        var gateway = Run(["--port", "0", .. args]);
        while (await gateway.process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.IndexOf(ListensOn, StringComparison.Ordinal) is >= 0 and var at)
            {
                gateway.Port = int.Parse(line.AsSpan(at + ListensOn.Length), CultureInfo.InvariantCulture);
                gateway.rest = gateway.process.StandardOutput.ReadToEndAsync();
                return gateway;
            }
        }

        throw new InvalidOperationException("The gateway did not start: " + await gateway.errors);
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<(int ExitCode, string Error)> ExitCodeAsync(params string[] args)
    {
        await using var program = Run(args);
        program.rest = program.process.StandardOutput.ReadToEndAsync();
        return (await program.ExitAsync(), await program.errors);
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal) => Assert.Equal(0, Kill(process.Id, signal));

    /// <summary>Waits for the end and gives the exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        await (rest ?? Task.CompletedTask);
        process.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static GatewayProcess Run(string[] args)
    {
        var directory = Directory.CreateTempSubdirectory("tuppence-process-").FullName;
        var runtime = new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory());
        var start = new ProcessStartInfo(Path.Combine(runtime.Parent!.Parent!.Parent!.FullName, "dotnet"), [Path.Combine(AppContext.BaseDirectory, "tuppence.dll"), .. args])
        {
            UseShellExecute = false,
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Nothing of the machine's own settings may reach the gateway under test.
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("TUPPENCE", StringComparison.OrdinalIgnoreCase) || name.StartsWith("ANTHROPIC", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["TUPPENCE_USE_KEY_STORE"] = "false";
        start.Environment["HOME"] = directory;
        start.Environment["XDG_CONFIG_HOME"] = directory;
        start.Environment["DOTNET_RUNNING_IN_CONTAINER"] = "false";
        return new GatewayProcess(Process.Start(start)!, directory);
    }

    private long Memory(string name)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
