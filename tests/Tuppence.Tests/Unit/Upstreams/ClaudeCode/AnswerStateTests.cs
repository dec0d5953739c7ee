using System.Text.Json;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.ClaudeCode.Answers;

namespace Tuppence.Tests.Unit.Upstreams.ClaudeCode;

public sealed class AnswerStateTests
{
    private static readonly string Happy = string.Concat(((string[])[ClaudeScene.Start, ClaudeScene.BlockStart, ClaudeScene.Delta, ClaudeScene.BlockStop]).Select(ClaudeScene.Sse));

    [Fact]
    public async Task Events_pass_as_they_are_and_the_program_ends_by_itself()
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.TellAsync(ClaudeScene.Start, ClaudeScene.BlockStart, ClaudeScene.Delta, ClaudeScene.BlockStop, ClaudeScene.End("end_turn"), ClaudeScene.Stop);

        Assert.Equal(Happy + ClaudeScene.Sse(ClaudeScene.End("end_turn")) + ClaudeScene.Sse(ClaudeScene.Stop), await scene.WholeAsync());
        Assert.Equal((200, "text/event-stream; charset=utf-8"), (scene.Answer.Status, scene.Answer.ContentType));
        Assert.False(scene.Program.IsKilled);
        Assert.False(scene.Program.IsClosed);

        await scene.Program.SayAsync("""{"type":"rate_limit_event","rate_limit_info":{"status":"allowed","resetsAt":1795364566,"rateLimitType":"five_hour","utilization":0.5}}""", """{"type":"result","is_error":false}""");
        await scene.Program.Closed;
        await scene.Program.Disposed;
        Assert.Equal(("allowed", "five_hour", 0.5), (scene.Messages.Limits!.Status, scene.Messages.Limits.Kind, scene.Messages.Limits.Utilization));
        Assert.False(scene.Program.IsKilled);
    }

    [Fact]
    public async Task What_comes_last_is_waited_for_300_ms_while_the_client_has_its_answer()
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.TellAsync(ClaudeScene.Start, ClaudeScene.End("stop_sequence"), ClaudeScene.Stop);
        await scene.AnsweredAsync();
        await scene.Clock.UntilArmedAsync(TimeSpan.FromMilliseconds(300));
        Assert.False(scene.Program.IsClosed);

        scene.Clock.Advance(TimeSpan.FromMilliseconds(300));
        await scene.Program.Closed;
        await scene.Program.Disposed;
    }

    [Theory]
    [InlineData("""{"type":"system","subtype":"status","status":"requesting"}""")]
    [InlineData("""{"type":"stream_event","event":{"type":"message_start"}}""")]
    public async Task A_program_that_asks_again_behind_its_answer_is_killed(string line)
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.TellAsync(ClaudeScene.Start, ClaudeScene.End("end_turn"), ClaudeScene.Stop);
        await scene.AnsweredAsync();
        await scene.Program.SayAsync(line);
        await scene.Program.Killed;
        await scene.Program.Disposed;
        Assert.EndsWith(ClaudeScene.Sse(ClaudeScene.Stop), await scene.WholeAsync());
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("refusal")]
    [InlineData("model_context_window_exceeded")]
    [InlineData("tool_use")]
    [InlineData("something_new")]
    public async Task A_stop_reason_that_the_program_would_go_on_from_kills_it_on_its_line(string reason)
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.TellAsync(ClaudeScene.Start, ClaudeScene.BlockStart, ClaudeScene.Delta, ClaudeScene.BlockStop, ClaudeScene.End(reason));

        Assert.Equal(Happy + ClaudeScene.Sse(ClaudeScene.End(reason)) + ClaudeScene.Sse(ClaudeScene.Stop), await scene.WholeAsync());
        Assert.True(scene.Program.IsKilled);
        await scene.Program.Disposed;
    }

    [Fact]
    public async Task What_the_program_says_behind_the_end_does_not_reach_the_client()
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.TellAsync(ClaudeScene.Start, ClaudeScene.End("max_tokens"), ClaudeScene.Stop, ClaudeScene.Start, ClaudeScene.End("end_turn"), ClaudeScene.Stop);
        Assert.Equal(string.Concat(((string[])[ClaudeScene.Start, ClaudeScene.End("max_tokens"), ClaudeScene.Stop]).Select(ClaudeScene.Sse)), await scene.WholeAsync());
    }

    [Fact]
    public async Task Nothing_is_sent_before_the_message_begins()
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.SayAsync("""{"type":"system","subtype":"init"}""", """{"type":"system","subtype":"status","status":"requesting"}""");
        scene.Clock.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(0, scene.Answer.Status);
        await scene.Program.TellAsync(ClaudeScene.Start);
        await scene.Answer.UntilAsync("message_start");
        Assert.Equal(200, scene.Answer.Status);
        Assert.StartsWith("event: message_start", scene.Answer.Text);
    }

    [Fact]
    public async Task A_second_message_is_an_error_and_not_passed_on()
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.TellAsync(ClaudeScene.Start, ClaudeScene.Start);
        var text = await scene.WholeAsync();
        Assert.StartsWith(ClaudeScene.Sse(ClaudeScene.Start) + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",", text);
        Assert.True(scene.Program.IsKilled);
    }

    [Fact]
    public async Task A_delta_without_a_reason_is_a_broken_stream()
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.TellAsync(ClaudeScene.Start, ClaudeScene.BlockStart, ClaudeScene.BlockStop, """{"type":"message_delta","delta":{"stop_reason":null},"usage":{}}""", ClaudeScene.Stop);
        var text = await scene.WholeAsync();
        Assert.DoesNotContain("content_block_stop", text);
        Assert.DoesNotContain("message_delta", text);
        Assert.DoesNotContain("message_stop", text);
        Assert.Contains("event: error", text);
    }

    [Fact]
    public async Task Abandoned_blocks_are_a_broken_stream()
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.TellAsync(ClaudeScene.Start, ClaudeScene.End("end_turn"));
        await scene.Program.SayAsync("{\"type\":\"stream_event\",\"event\":" + ClaudeScene.Stop + ",\"abandoned_blocks\":{\"from_block_index\":0}}");
        var text = await scene.WholeAsync();
        Assert.DoesNotContain("message_stop", text);
        Assert.Contains("event: error", text);
        Assert.True(scene.Program.IsKilled);
    }

    [Fact]
    public async Task A_result_amid_the_message_is_a_broken_stream()
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.TellAsync(ClaudeScene.Start);
        await scene.Program.SayAsync("""{"type":"result","is_error":false,"result":""}""");
        Assert.Contains("event: error", await scene.WholeAsync());
    }

    [Fact]
    public async Task A_program_that_answers_before_it_was_asked_is_not_believed()
    {
        await using var scene = new ClaudeScene("""{"model":"claude-sonnet-4-5","max_tokens":9,"stream":true,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}""");
        await scene.Program.HearAsync();
        await scene.Program.TellAsync(ClaudeScene.Start);
        Assert.Contains("before it was asked", await scene.WholeAsync());
        Assert.Equal(502, scene.Answer.Status);
        Assert.True(scene.Program.IsKilled);
    }

    [Fact]
    public async Task The_next_turn_waits_for_the_acknowledgement_of_the_last()
    {
        await using var scene = new ClaudeScene("""{"model":"m","max_tokens":9,"messages":[{"role":"assistant","content":"greet"},{"role":"user","content":"u1"},{"role":"assistant","content":"a1"},{"role":"user","content":"u2"}]}""");
        Assert.Contains("apply_flag_settings", await scene.Program.HearAsync());
        Assert.Contains("set_max_thinking_tokens", (await scene.Program.HearAsync()).Replace("\"initialize\"", "set_max_thinking_tokens", StringComparison.Ordinal));
        var line = await scene.Program.HearAsync();
        while (!line.Contains("\"u1\"", StringComparison.Ordinal))
        {
            line = await scene.Program.HearAsync();
        }

        var next = scene.Program.HearAsync();
        await scene.Program.SayAsync("""{"type":"command_lifecycle","state":"started"}""", """{"type":"system","subtype":"init"}""");
        Assert.False(next.IsCompleted);
        await scene.Program.SayAsync("""{"type":"result","is_error":false,"num_turns":0}""");
        Assert.Contains("\"a1\"", await next);
        Assert.Contains("\"u2\"", await scene.Program.HearAsync());
    }

    [Fact]
    public async Task A_client_that_leaves_kills_the_program()
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.TellAsync(ClaudeScene.Start);
        await scene.Answer.UntilAsync("message_start");
        scene.LeaveClient();
        await scene.Program.Killed;
        await scene.Program.Disposed;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => scene.Answering);
    }

    [Fact]
    public async Task Pings_go_out_in_gaps_once_the_message_has_begun()
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.TellAsync(ClaudeScene.Start);
        await scene.Answer.UntilAsync("message_start");
        scene.Clock.Advance(TimeSpan.FromSeconds(15));
        await scene.Answer.UntilAsync("event: ping\ndata: {\"type\": \"ping\"}\n\n");
        await scene.Program.TellAsync(ClaudeScene.End("end_turn"), ClaudeScene.Stop);
        Assert.EndsWith(ClaudeScene.Sse(ClaudeScene.Stop), await scene.WholeAsync());
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(1, 660)]
    [InlineData(2, 300)]
    public async Task A_program_that_hangs_is_ended(int phase, int seconds)
    {
        await using var scene = new ClaudeScene();
        if (phase > 0)
        {
            await scene.Program.ListenAsync();
        }
        else
        {
            await scene.Program.HearAsync();
        }

        if (phase == 2)
        {
            await scene.Program.TellAsync(ClaudeScene.Start);
            await scene.Answer.UntilAsync("message_start");
        }

        while (!scene.Answering.IsCompleted)
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var text = await scene.WholeAsync();
        Assert.Contains(phase == 0 ? "said nothing for" : $"said nothing for {seconds} seconds", text);
        Assert.Contains("timeout_error", text);
        Assert.Equal(phase == 2 ? 200 : 504, scene.Answer.Status);
        Assert.True(scene.Program.IsKilled);
    }

    [Fact]
    public async Task A_line_without_end_ends_the_program()
    {
        await using var scene = await ClaudeScene.ListenedAsync(limits: new ConversationLimits { LongestLine = 100_000 });
        for (var i = 0; i < 11 && !scene.Answering.IsCompleted; i++)
        {
            await scene.Program.WriteAsync(new string('x', 10_000));
        }

        Assert.Contains("a line without end", await scene.WholeAsync());
        Assert.Equal(502, scene.Answer.Status);
        Assert.True(scene.Program.IsKilled);
    }

    [Fact]
    public async Task Garbage_is_passed_over_until_it_is_too_much()
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.SayAsync("(node:1) a warning", "", "[1]", "{\"type\":");
        await scene.Program.TellAsync(ClaudeScene.Start);
        await scene.Answer.UntilAsync("message_start");
        await scene.Program.SayAsync(Enumerable.Repeat("garbage", 200));
        Assert.Contains("lines that are not JSON", await scene.WholeAsync());
    }

    [Fact]
    public async Task Too_much_beside_the_point_ends_the_program()
    {
        await using var scene = await ClaudeScene.ListenedAsync(limits: new ConversationLimits { MostBeside = 10_000 });
        await scene.Program.SayAsync(Enumerable.Repeat("""{"type":"system","subtype":"chatter"}""", 400));
        Assert.Contains("no part of an answer", await scene.WholeAsync());
        Assert.True(scene.Program.IsKilled);
    }

    [Theory]
    [InlineData("error: unknown option '--safe-mode'\nmore", "ended with the exit code 1 before its answer was complete: error: unknown option '--safe-mode'. Send")]
    [InlineData("Error parsing streaming input line: {\"the client's secret\"", "ended with the exit code 1 before its answer was complete. Send")]
    [InlineData("", "ended with the exit code 1 before its answer was complete. Send")]
    public async Task A_program_that_dies_says_what_it_said(string words, string expected)
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        scene.Program.Exit(1, words);
        Assert.Contains(expected, JsonDocument.Parse(await scene.WholeAsync()).RootElement.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(502, scene.Answer.Status);
    }

    [Fact]
    public async Task A_program_that_dies_amid_the_message_is_an_error_event()
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.TellAsync(ClaudeScene.Start);
        scene.Program.Exit(137);
        Assert.Contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"Claude Code ended with the exit code 137", await scene.WholeAsync());
    }

    [Fact]
    public async Task A_program_that_closes_its_output_and_lives_on_is_killed()
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        scene.Program.Deafen();
        await scene.Clock.UntilArmedAsync(TimeSpan.FromSeconds(2));
        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("closed its output", await scene.WholeAsync());
        Assert.True(scene.Program.IsKilled);
    }

    [Fact]
    public async Task A_program_that_takes_no_settings_is_not_asked()
    {
        await using var scene = new ClaudeScene();
        await scene.Program.HearAsync();
        await scene.Program.SayAsync("""{"type":"control_response","response":{"subtype":"error","request_id":"settings","error":"no"}}""");
        Assert.Contains("does not take the settings", await scene.WholeAsync());
        Assert.Equal(502, scene.Answer.Status);
    }

    [Theory]
    [InlineData(ProcessProblem.Busy, 529, "overloaded_error", "1")]
    [InlineData(ProcessProblem.NotSignedIn, 401, "authentication_error", null)]
    [InlineData(ProcessProblem.Missing, 503, "api_error", null)]
    [InlineData(ProcessProblem.TooOld, 503, "api_error", null)]
    [InlineData(ProcessProblem.Unexpected, 503, "api_error", null)]
    public async Task No_process_is_an_error_that_says_what_to_do(ProcessProblem problem, int status, string type, string? retryAfter)
    {
        await using var plain = new ClaudeScene(program: new ScriptedProgram { Instead = new ProcessLease(null, problem, "") });
        var error = JsonDocument.Parse(await plain.WholeAsync()).RootElement.GetProperty("error");
        Assert.Equal((status, type, retryAfter), (plain.Answer.Status, error.GetProperty("type").GetString(), plain.Answer["retry-after"]));
        Assert.True(error.GetProperty("message").GetString()!.Length > 20);
        Assert.Equal(problem == ProcessProblem.NotSignedIn, error.GetProperty("message").GetString()!.Contains("`claude auth login`", StringComparison.Ordinal));

        await using var worded = new ClaudeScene(program: new ScriptedProgram { Instead = new ProcessLease(null, problem, "words of its own") });
        Assert.Contains("\"words of its own\"", await worded.WholeAsync());
    }

    [Fact]
    public async Task A_request_that_cannot_be_told_takes_no_process()
    {
        await using var scene = new ClaudeScene("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"pre"}]}""");
        Assert.Contains("prefill", await scene.WholeAsync());
        Assert.Equal(400, scene.Answer.Status);
        Assert.Empty(scene.Program.Lines);
    }

    [Fact]
    public async Task Requests_of_the_program_to_its_host_are_answered_but_tools_are_not_called()
    {
        await using var scene = await ClaudeScene.ListenedAsync("""{"model":"m","max_tokens":1,"stream":true,"tools":[{"name":"t","description":"é","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"a"}]}""");
        await scene.Program.SayAsync(
            """{"type":"control_request","request_id":"r0","request":{"subtype":"mcp_message","server_name":"gw","message":{"method":"initialize","params":{},"jsonrpc":"2.0","id":0}}}""",
            """{"type":"control_request","request_id":"r1","request":{"subtype":"mcp_message","server_name":"gw","message":{"method":"tools/list","jsonrpc":"2.0","id":1}}}""",
            """{"type":"control_request","request_id":"r2","request":{"subtype":"mcp_message","server_name":"gw","message":{"method":"tools/call","params":{},"jsonrpc":"2.0","id":2}}}""",
            """{"type":"control_request","request_id":"r3","request":{"subtype":"hook_callback"}}""");
        Assert.Contains("\"request_id\":\"r0\",\"response\":{\"mcp_response\":{\"jsonrpc\":\"2.0\",\"id\":0,\"result\":{\"protocolVersion\"", await scene.Program.HearAsync());
        Assert.Equal(
            """{"type":"control_response","response":{"subtype":"success","request_id":"r1","response":{"mcp_response":{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"t","description":"é","inputSchema":{"type":"object"}}]}}}}}""",
            await scene.Program.HearAsync());
        Assert.Equal("""{"type":"control_response","response":{"subtype":"error","request_id":"r3","error":"not supported"}}""", await scene.Program.HearAsync());
    }
}
