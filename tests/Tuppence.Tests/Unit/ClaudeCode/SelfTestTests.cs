using Microsoft.Extensions.Time.Testing;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.ClaudeCode.Program;
using static Tuppence.Tests.Scenes.StandInProgram;

namespace Tuppence.Tests.Unit.ClaudeCode;

public sealed class SelfTestTests
{
    private const string RightVersion = "[ \"$1\" = --version ] && { echo '2.1.330 (Claude Code)'; exit; }\n";

    [Fact]
    public async Task A_program_that_is_not_there_is_missing()
    {
        using var program = new StandInProgram("exit 0");

        var result = await RunAsync(program.Options with { ProgramPath = program.Folder + "/none" });

        Assert.Equal((ProcessProblem.Missing, null, null), (result.Problem, result.Program, result.Version));
    }

    [Fact]
    public async Task A_program_below_the_minimum_is_too_old()
    {
        using var program = new StandInProgram("echo '2.1.259 (Claude Code)'");

        var result = await RunAsync(program.Options);

        Assert.Equal(new SelfTestResult(ProcessProblem.TooOld, $"Claude Code 2.1.259 at “{program.Program}” is too old: Tuppence needs 2.1.260 or later. Run: claude update", program.Program, new Version(2, 1, 259)), result);
    }

    [Theory]
    [InlineData("echo 'Usage: claude [file]'", "does not answer --version as Claude Code does")]
    [InlineData("echo 'cannot load' >&2; exit 127", "--version” ended with exit code 127: cannot load.")]
    [InlineData("yes", "does not answer --version as Claude Code does")]
    public async Task Another_program_of_that_name_is_told(string behaviour, string words)
    {
        using var program = new StandInProgram(behaviour);

        var result = await RunAsync(program.Options);

        Assert.Equal((ProcessProblem.Missing, null), (result.Problem, result.Version));
        Assert.Contains(words, result.Words, StringComparison.Ordinal);
        Assert.Empty(await program.GoneAsync());
    }

    [Theory]
    [InlineData("echo \"error: unknown option '--safe-mode'\" >&2; exit 1", "error: unknown option '--safe-mode'")]
    [InlineData("read -r line; exit 7", "7")]
    [InlineData("yes hello", "it writes")]
    [InlineData("yes | tr -d '\\n'", "it writes a line without end")]
    [InlineData("read -r line; echo '{\"type\":\"control_response\",\"response\":{\"subtype\":\"error\",\"request_id\":\"settings\",\"error\":\"no such thing\"}}'; cat", "it does not take the settings that it was given")]
    public async Task A_program_that_behaves_otherwise_is_told_with_the_reason(string behaviour, string words)
    {
        using var program = new StandInProgram(RightVersion + behaviour);

        var result = await RunAsync(program.Options);

        Assert.Equal((ProcessProblem.Unexpected, new Version(2, 1, 330)), (result.Problem, result.Version));
        Assert.StartsWith($"Claude Code 2.1.330 at “{program.Program}” does not behave as Tuppence needs: it did not answer. ", result.Words, StringComparison.Ordinal);
        Assert.Contains(words, result.Words, StringComparison.Ordinal);
        Assert.Empty(await program.GoneAsync());
    }

    [Theory, InlineData("echo begun >&9; exec sleep 1000", "did not end within 20 s"), InlineData(RightVersion + "echo begun >&9; exec sleep 1000", "it did not answer in time")]
    public async Task A_program_that_hangs_is_ended_after_a_while(string behaviour, string words)
    {
        var time = new FakeTimeProvider();
        using var program = new StandInProgram(behaviour);

        var running = SelfTest.RunAsync(program.Options, time, CancellationToken.None);
        Assert.Equal("begun", await program.NextAsync());
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Contains(words, (await running).Words, StringComparison.Ordinal);
        Assert.Empty(await program.GoneAsync());
    }

    [Fact]
    public async Task It_can_be_called_off()
    {
        using var program = new StandInProgram(RightVersion + "echo begun >&9; exec sleep 1000");
        using var leaving = new CancellationTokenSource();
        var running = SelfTest.RunAsync(program.Options, TimeProvider.System, leaving.Token);
        Assert.Equal("begun", await program.NextAsync());

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(running));
        Assert.Empty(await program.GoneAsync());
    }

    [Fact]
    public async Task It_runs_in_a_home_that_is_thrown_away_with_a_key_that_is_none()
    {
        using var program = new StandInProgram(RightVersion + "ls -A \"$HOME\" >&9; echo \"$HOME\" >&9; echo \"$ANTHROPIC_API_KEY $ANTHROPIC_BASE_URL\" >&9; echo more > \"$HOME/file\"; exit 1");

        await RunAsync(program.Options);

        var home = await program.NextAsync();
        Assert.StartsWith("tuppence-self-test-", Path.GetFileName(home), StringComparison.Ordinal);
        Assert.False(Directory.Exists(home));
        Assert.StartsWith("tuppence-self-test-no-key http://127.0.0.1:", await program.NextAsync(), StringComparison.Ordinal);
    }

    [Theory, InlineData("exit 0", true), InlineData("exit 1", false), InlineData("[ \"$*\" = 'auth status' ] && [ \"$(readlink /proc/$$/fd/1)\" = /dev/null ] || exit 1", true)]
    public async Task Whether_somebody_is_signed_in_is_the_exit_code_and_nothing_is_read(string behaviour, bool isSignedIn)
    {
        using var program = new StandInProgram(behaviour);

        Assert.Equal(isSignedIn, await Soon(new ClaudeProgram(program.Options, TimeProvider.System).IsSignedInAsync(CancellationToken.None)));
    }

    [Fact]
    public async Task Where_there_is_no_program_nobody_can_say_who_is_signed_in()
    {
        using var program = new StandInProgram("exit 0");

        Assert.Null(await Soon(new ClaudeProgram(program.Options with { ProgramPath = program.Folder + "/none" }, TimeProvider.System).IsSignedInAsync(CancellationToken.None)));
    }

    private static Task<SelfTestResult> RunAsync(ClaudeCodeOptions options) => Soon(SelfTest.RunAsync(options, TimeProvider.System, CancellationToken.None));
}
