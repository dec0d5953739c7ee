using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.ClaudeCode.Program;
using static Tuppence.Tests.Scenes.StandInProgram;

namespace Tuppence.Tests.Unit.ClaudeCode;

public sealed class ClaudeProcessTests
{
    [Fact]
    public async Task What_is_written_arrives_and_what_it_says_comes_back()
    {
        using var program = new StandInProgram(StandInProgram.Echo);
        await using var process = Start(program);

        await SayAsync(process, "one\ntwo\n");

        Assert.Equal("one\ntwo\n", await ReadAsync(process, 8));
    }

    [Fact]
    public async Task It_gets_the_arguments_the_environment_and_the_empty_folder_and_nothing_else()
    {
        using var program = new StandInProgram("printf '%s\\n' \"$@\"; pwd; ls -A; echo .; env");
        await using var process = Start(program);

        var text = await ReadToEndAsync(process);

        var (arguments, rest) = (string.Join('\n', ProgramArguments.Answer) + "\n", program.Folder + "\n.\n");
        Assert.StartsWith(arguments + rest, text, StringComparison.Ordinal);
        var expected = ProgramEnvironment.ForAnswers(program.Options).Select(static pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal);
        // PWD is the stand-in's own: it is a shell.
        var found = text[(arguments + rest).Length..].Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => !line.StartsWith("PWD=", StringComparison.Ordinal) && !line.StartsWith("SHLVL=", StringComparison.Ordinal) && !line.StartsWith("_=", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        Assert.Equal(expected, found, StringComparer.Ordinal);
    }

    [Fact]
    public async Task It_does_not_hold_the_pipe_that_its_watcher_waits_on()
    {
        using var program = new StandInProgram("[ -e /proc/$$/fd/3 ] && echo open || echo closed");
        await using var process = Start(program);

        Assert.Equal("closed\n", await ReadToEndAsync(process));
    }

    [Fact]
    public async Task Signals_that_the_runtime_ignores_are_not_ignored_in_it()
    {
        using var program = new StandInProgram("kill -PIPE $$; echo still here");
        await using var process = Start(program);

        Assert.Equal(128 + 13, (await Soon(process.Ended)).ExitCode);
    }

    [Theory, InlineData("exit 7", 7), InlineData("kill -TERM $$", 143), InlineData("kill -KILL $$", 137), InlineData("exit 0", 0)]
    public async Task It_tells_how_it_ended(string behaviour, int code)
    {
        using var program = new StandInProgram(behaviour);
        await using var process = Start(program);

        Assert.Equal(new ProcessEnd(code, ""), await Soon(process.Ended));
    }

    [Fact]
    public async Task Of_a_flood_of_complaints_the_end_is_kept_and_nothing_waits()
    {
        using var program = new StandInProgram("yes 'complaint é' | head -n 1000000 >&2; echo the last words >&2; exit 3");
        await using var process = Start(program);

        var end = await Soon(process.Ended);

        Assert.Equal((3, 2000), (end.ExitCode, end.Words.Length));
        Assert.EndsWith("complaint é\nthe last words", end.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Complaints_that_quote_the_prompt_are_not_kept()
    {
        using var program = new StandInProgram("echo 'cannot read: {\"type\":\"user\",\"content\":\"my secret\"}' >&2; printf 'bad \\033[31mline\\n' >&2");
        await using var process = Start(program);

        Assert.Equal("bad  [31mline", (await Soon(process.Ended)).Words);
    }

    [Fact]
    public async Task A_flood_of_output_that_nobody_reads_ends_with_the_kill()
    {
        using var program = new StandInProgram("echo begun >&9; exec yes");
        await using var process = Start(program);
        Assert.Equal("begun", await program.NextAsync());

        await Soon(process.KillAsync());

        Assert.Equal(137, (await process.Ended).ExitCode);
        Assert.Empty(await program.GoneAsync());
    }

    [Fact]
    public async Task Writing_to_one_that_does_not_read_ends_with_the_kill()
    {
        using var program = new StandInProgram("echo begun >&9; exec sleep 1000");
        await using var process = Start(program);
        Assert.Equal("begun", await program.NextAsync());
        var writing = WriteAsync(process, new byte[4_000_000]);
        Assert.False(writing.IsCompleted);

        await Soon(process.KillAsync());

        Assert.True((await Soon(writing)).IsCompleted);
    }

    [Fact]
    public async Task Writing_to_one_that_has_ended_says_so_and_does_not_throw()
    {
        using var program = new StandInProgram("exit 0");
        await using var process = Start(program);
        await Soon(process.Ended);

        while (!(await WriteAsync(process, "more\n"u8.ToArray())).IsCompleted)
        {
            // The end is told to the writer a moment later.
        }
    }

    [Fact]
    public async Task The_kill_reaches_all_that_it_started()
    {
        using var program = new StandInProgram("(trap '' TERM HUP; echo child >&9; sleep 1000) & (sh -c 'echo grandchild >&9; sleep 1000; :' ; :) & wait");
        await using var process = Start(program);
        Assert.Equal(["child", "grandchild"], new[] { await program.NextAsync(), await program.NextAsync() }.Order(StringComparer.Ordinal), StringComparer.Ordinal);

        await Soon(process.KillAsync());

        Assert.Empty(await program.GoneAsync());
    }

    [Fact]
    public async Task What_it_leaves_behind_ends_with_it()
    {
        using var program = new StandInProgram("sh -c 'echo child >&9; exec sleep 1000' & read -r line; exit 5");
        await using var process = Start(program);
        Assert.Equal("child", await program.NextAsync());

        await SayAsync(process, "go\n");

        Assert.Equal(5, (await Soon(process.Ended)).ExitCode);
        Assert.Equal("", await ReadToEndAsync(process));
        Assert.Empty(await program.GoneAsync());
    }

    [Fact]
    public async Task Killing_twice_or_after_the_end_does_nothing()
    {
        using var program = new StandInProgram("exec sleep 1000");
        await using var process = Start(program);

        await Soon(Task.WhenAll(process.KillAsync().AsTask(), process.KillAsync().AsTask()));
        await process.KillAsync();
        await process.CloseAsync();

        Assert.Equal(137, (await process.Ended).ExitCode);
    }

    [Fact]
    public async Task Closing_lets_it_read_what_was_written_and_end_by_itself()
    {
        using var program = new StandInProgram("cat >&9; exit 4");
        await using var process = Start(program);

        process.Input.Write("the last line\n"u8);
        await Soon(process.CloseAsync());

        Assert.Equal("the last line", await program.NextAsync());
        Assert.Equal(4, (await process.Ended).ExitCode);
    }

    [Fact]
    public async Task One_that_lives_on_after_its_input_was_closed_is_killed()
    {
        var time = new FakeTimeProvider();
        using var program = new StandInProgram("cat; echo closed >&9; exec sleep 1000");
        await using var process = Start(program, time);

        var closing = process.CloseAsync().AsTask();
        Assert.Equal("closed", await program.NextAsync());
        Assert.False(closing.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        await Soon(closing);
        Assert.Equal(137, (await process.Ended).ExitCode);
    }

    [Fact]
    public void A_program_that_is_gone_is_said_to_be_missing()
    {
        using var program = new StandInProgram("exit 0");

        var lease = new ClaudeProgram(program.Options with { ProgramPath = program.Folder + "/none" }, TimeProvider.System).StartAnswer();

        Assert.Equal((null, ProcessProblem.Missing), (lease.Process, lease.Problem));
        Assert.Contains("There is no Claude Code program at", lease.Words, StringComparison.Ordinal);
    }

    private static IClaudeProcess Start(StandInProgram program, TimeProvider? time = null)
    {
        var lease = new ClaudeProgram(program.Options, time ?? TimeProvider.System).StartAnswer();
        Assert.Equal("", lease.Words);
        return lease.Process!;
    }

    private static Task<FlushResult> SayAsync(IClaudeProcess process, string text) => Soon(WriteAsync(process, Encoding.UTF8.GetBytes(text)));

    private static Task<FlushResult> WriteAsync(IClaudeProcess process, byte[] bytes) => process.Input.WriteAsync(bytes).AsTask();

    private static async Task<string> ReadAsync(IClaudeProcess process, int bytes)
    {
        var read = await Soon(process.Output.ReadAtLeastAsync(bytes).AsTask());
        var text = Encoding.UTF8.GetString(read.Buffer.ToArray());
        process.Output.AdvanceTo(read.Buffer.End);
        return text;
    }

    private static async Task<string> ReadToEndAsync(IClaudeProcess process)
    {
        using var reader = new StreamReader(process.Output.AsStream(leaveOpen: true), Encoding.UTF8);
        return await Soon(reader.ReadToEndAsync());
    }
}
