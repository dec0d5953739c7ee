using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Tuppence.Tests.Scenes;

/// <summary>The token driver as a process of its own, which may be stopped and killed.</summary>
public sealed partial class TokenProcess : IAsyncDisposable
{
    public const int Kill = 9, Continue = 18, Stop = 19;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private TokenProcess(Process process)
    {
        this.process = process;
        _ = process.StandardError.ReadToEndAsync();
    }

    public int Id => process.Id;

    public static string Dotnet { get; } = Path.Combine(new DirectoryInfo(RuntimeEnvironment.GetRuntimeDirectory()).Parent!.Parent!.Parent!.FullName, "dotnet");

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Tuppence.TokenDriver.dll");

    /// <summary>Starts the driver.</summary>
    public static TokenProcess Start(params string[] args) => Launch(Dotnet, [Program, .. args]);

    /// <summary>Starts the driver as a line of shell has it, where <c>"$@"</c> is the driver's command line.</summary>
    public static TokenProcess StartInShell(string script, params string[] args) => Launch("/bin/sh", ["-c", script, "sh", Dotnet, Program, .. args]);

    /// <summary>Starts <c>use</c> and waits until it is ready.</summary>
    public static async Task<TokenProcess> UseAsync(string folder, int patienceMs = 45_000, bool dies = false)
    {
        var process = Start(["use", folder, $"{patienceMs}", .. dies ? ["die"] : Array.Empty<string>()]);
        Assert.Equal("ready", await process.LineAsync());
        return process;
    }

    /// <summary>The next line; null at the end.</summary>
    public async Task<string?> LineAsync() => await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

    /// <summary>Asks so many times at once, and returns once all have asked.</summary>
    public async Task AskAsync(int times = 1)
    {
        await process.StandardInput.WriteLineAsync($"ask {times}");
        Assert.Equal("asked", await LineAsync());
    }

    /// <summary>Asks so many times at once and gives the different answers.</summary>
    public async Task<string?> GetAsync(int times = 1)
    {
        await AskAsync(times);
        return await LineAsync();
    }

    /// <summary>The state, as JSON.</summary>
    public async Task<string?> StateAsync()
    {
        await process.StandardInput.WriteLineAsync("state");
        return await LineAsync();
    }

    public void Signal(int signal) => Assert.Equal(0, SendSignal(process.Id, signal));

    public async Task ExitAsync() => await process.WaitForExitAsync().WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private static TokenProcess Launch(string program, string[] args)
    {
        var start = new ProcessStartInfo(program, args) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        // A quick start counts here, not speed; and limits on file sizes must not hit the runtime's own memory files.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return new TokenProcess(Process.Start(start)!);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
