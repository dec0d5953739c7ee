using Microsoft.Extensions.Time.Testing;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.ClaudeCode.Program;
using static Tuppence.Tests.Scenes.StandInProgram;

namespace Tuppence.Tests.Unit.ClaudeCode;

public sealed class TestedProcessesTests
{
    private const string Old = "echo asked >&9; echo '2.0.0 (Claude Code)'";

    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task A_program_that_failed_the_test_gives_no_process()
    {
        using var program = new StandInProgram(Old);
        await using var processes = new TestedProcesses(program.Options, time);
        Assert.Null(processes.Last);

        var lease = await Soon(processes.RentAsync(CancellationToken.None).AsTask());

        Assert.Equal((null, ProcessProblem.TooOld), (lease.Process, lease.Problem));
        Assert.Equal(processes.Last!.Words, lease.Words);
    }

    [Fact]
    public async Task The_same_program_is_tested_again_only_after_five_minutes()
    {
        using var program = new StandInProgram(Old);
        await using var processes = new TestedProcesses(program.Options, time);
        var first = await TestAsync(processes);

        Assert.Same(first, await TestAsync(processes));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.NotSame(first, await TestAsync(processes));

        Assert.Equal(["asked", "asked"], await program.GoneAsync());
    }

    [Fact]
    public async Task A_program_that_was_updated_is_tested_at_once()
    {
        using var program = new StandInProgram(Old);
        await using var processes = new TestedProcesses(program.Options, time);
        await TestAsync(processes);

        program.Behave("echo '2.1.1 (Claude Code)'");
        program.Update();

        Assert.Equal(new Version(2, 1, 1), (await TestAsync(processes)).Version);
    }

    [Fact]
    public async Task Once_it_is_disposed_no_process_is_given()
    {
        using var program = new StandInProgram("[ \"$1\" = --version ] && { echo '2.1.330 (Claude Code)'; exit; }; echo begun >&9; exec sleep 1000");
        var processes = new TestedProcesses(program.Options, time);
        var renting = processes.RentAsync(CancellationToken.None).AsTask();
        Assert.Equal("begun", await program.NextAsync());

        await Soon(processes.DisposeAsync());

        Assert.Equal(new ProcessLease(null, ProcessProblem.Busy, "Tuppence is stopping."), await Soon(renting));
        Assert.Equal(ProcessProblem.Busy, (await processes.RentAsync(CancellationToken.None)).Problem);
        Assert.Empty(await program.GoneAsync());
    }

    private static Task<SelfTestResult> TestAsync(TestedProcesses processes) => Soon(processes.TestAsync(CancellationToken.None));
}
