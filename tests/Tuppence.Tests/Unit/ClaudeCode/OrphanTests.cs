using System.Diagnostics;
using System.Globalization;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Unit.ClaudeCode;

/// <summary>Nothing of the user's program outlives Tuppence, however Tuppence ends.</summary>
/// <remarks>Twenty kills at moments that nobody chose; the environment variable <c>TUPPENCE_TEST_KILLS</c> makes it another number. The times go to the test's output.</remarks>
public sealed class OrphanTests(ITestOutputHelper output)
{
    /// <summary>Does not end by itself, nor does what it starts.</summary>
    private const string Stubborn = "trap '' HUP INT TERM; (echo child >&9; sleep 1000; :) & echo $$ >&9; read -r line; echo \"$line\"; while :; do sleep 1000; done";

    private static readonly int Kills = int.Parse(Environment.GetEnvironmentVariable("TUPPENCE_TEST_KILLS") ?? "20", CultureInfo.InvariantCulture);

    [Fact]
    public async Task When_Tuppence_is_killed_no_process_of_the_program_is_left()
    {
        var random = new Random(2026);
        var slowest = TimeSpan.Zero;
        for (var kill = 0; kill < Kills; kill++)
        {
            using var program = new StandInProgram(Stubborn);
            using var driver = Process.Start(new ProcessStartInfo(TokenProcess.Dotnet, [Path.Combine(AppContext.BaseDirectory, "Tuppence.ProcessDriver.dll"), program.Program, program.Folder]))!;
            var lines = new List<string>();
            // In the middle of a start, of a kill, of an answer, or between them.
            for (var more = random.Next(1, 20); more > 0; more--)
            {
                lines.Add((await program.NextAsync())!);
            }

            Thread.SpinWait(random.Next(200_000));
            driver.Kill();
            var killed = Stopwatch.GetTimestamp();
            lines.AddRange(await program.GoneAsync());
            var passed = Stopwatch.GetElapsedTime(killed);
            slowest = passed > slowest ? passed : slowest;
            await StandInProgram.Soon(driver.WaitForExitAsync(CancellationToken.None));

            await StandInProgram.Soon(Task.Run(() => AwaitEmpty(lines), CancellationToken.None));
        }

        output.WriteLine($"{Kills} kills, nothing left; all gone within {slowest.TotalMilliseconds:0} ms");
    }

    /// <summary>Comes back when the sessions that the processes led hold nobody: the watchers, which hold no pipe of the scene's, are gone as well.</summary>
    private static void AwaitEmpty(List<string> leaders)
    {
        while (OperatingSystem.IsLinux() && Directory.EnumerateDirectories("/proc").Where(static folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Any(folder => SessionOf(folder) is { } session && leaders.Contains(session)))
        {
            Thread.Yield();
        }
    }

    /// <summary>Id of the session of a process that lives.</summary>
    private static string? SessionOf(string folder)
    {
        try
        {
            // proc_pid_stat(5): after the name in brackets come state, parent, group, session.
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ') is [not "Z", _, _, var session, ..] ? session : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
