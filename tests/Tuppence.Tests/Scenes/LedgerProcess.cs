using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Tuppence.Tests.Scenes;

/// <summary>The ledger driver as a process of its own, which may be killed.</summary>
public sealed partial class LedgerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process process;

    private LedgerProcess(Process process)
    {
        this.process = process;
        _ = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts the driver; where a script is given, as <c>"$@"</c> in a line of shell.</summary>
    public static LedgerProcess Start(string? script, params string[] args)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Tuppence.LedgerDriver.dll");
        string[] line = [TokenProcess.Dotnet, program, .. args];
        return new LedgerProcess(Process.Start(new ProcessStartInfo(script is null ? line[0] : "/bin/sh", script is null ? line[1..] : ["-c", script, "sh", .. line])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
    }

    /// <summary>The next line; null at the end.</summary>
    public async Task<string?> LineAsync() => await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    /// <summary>Goes on.</summary>
    public Task SayAsync(string line) => process.StandardInput.WriteLineAsync(line);

    /// <summary>Lets it write files of any size again.</summary>
    public void LiftLimit()
    {
        using var prlimit = Process.Start("prlimit", ["--pid", $"{process.Id}", "--fsize=unlimited"]);
        prlimit.WaitForExit();
        Assert.Equal(0, prlimit.ExitCode);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        Assert.Equal(0, SendSignal(process.Id, 9));
        await process.WaitForExitAsync().WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
