using System.Text.Json;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Unit.Upstreams.ClaudeCode;

/// <summary>What the program says of a failure, and the answer that it becomes: statuses, types and words.</summary>
public sealed class ProgramErrorTests
{
    public static TheoryData<string, string, string, int, string, string> Rows => new()
    {
        { "unknown", """400,"api_error_type":"invalid_request_error" """, "API Error: 400 messages: bad thing", 400, "invalid_request_error", "messages: bad thing" },
        { "invalid_request", """400,"terminal_reason":"prompt_too_long" """, "Prompt is too long", 400, "invalid_request_error", "prompt is too long: it does not fit" },
        { "billing_error", "400", "Credit balance is too low", 402, "billing_error", "Credit balance is too low" },
        { "authentication_failed", "401", "Invalid API key · Fix external API key", 401, "authentication_error", "`claude auth login`" },
        { "authentication_failed", "401", "Failed to authenticate. API Error: 401 OAuth token has expired", 401, "authentication_error", "(OAuth token has expired). Run `claude auth login`" },
        { "authentication_failed", "null", "Not logged in · Please run /login", 401, "authentication_error", "Nobody is signed in to Claude Code. Run `claude auth login`" },
        { "authentication_failed", "403", "Failed to authenticate. API Error: 403 not for you", 403, "permission_error", "not for you" },
        { "model_not_found", "404", "There's an issue with the selected model (x). Run /model", 404, "not_found_error", "model: claude-sonnet-4-5 is not known" },
        { "invalid_request", """413,"terminal_reason":"image_error" """, "Request too large", 413, "request_too_large", "Request too large" },
        { "rate_limit", "429", "API Error: Request rejected (429) · rate limited", 429, "rate_limit_error", "rate limited" },
        { "server_error", "500", "API Error: 500 Internal. Check x", 500, "api_error", "status 500" },
        { "server_error", "503", "API Error: 503", 503, "api_error", "status 503" },
        { "server_error", "529", "API Error: 529 Overloaded. This is a server-side issue", 529, "overloaded_error", "overloaded" },
        { "server_error", """null,"api_error":"connection_failed" """, "Unable to connect (ECONNREFUSED)", 502, "api_error", "could not reach Anthropic's API. Unable to connect (ECONNREFUSED)" },
        { "server_error", "null", "Request timed out. Check your network", 504, "timeout_error", "timed out" },
        { "unknown", "null", "Something else", 502, "api_error", "Claude Code reported: Something else" },
        { "unknown", "418", "API Error: 418 teapot", 418, "invalid_request_error", "teapot" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_failure_before_the_message_is_a_status(string category, string members, string text, int status, string type, string words)
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.SayAsync(Assistant(category, members, text), Result(members, text));
        var error = JsonDocument.Parse(await scene.WholeAsync()).RootElement.GetProperty("error");
        Assert.Equal((status, type), (scene.Answer.Status, error.GetProperty("type").GetString()));
        Assert.Contains(words, error.GetProperty("message").GetString());
        Assert.Equal("application/json", scene.Answer.ContentType);
        Assert.True(scene.Program.IsKilled);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_failure_amid_the_message_is_an_event(string category, string members, string text, int status, string type, string words)
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.TellAsync(ClaudeScene.Start, ClaudeScene.BlockStart, ClaudeScene.Delta);
        await scene.Program.SayAsync(Assistant(category, members, text));
        var answer = await scene.WholeAsync();
        var data = JsonDocument.Parse(answer[(answer.IndexOf("event: error\ndata: ", StringComparison.Ordinal) + 19)..]).RootElement;
        Assert.Equal((200, true), (scene.Answer.Status, status > 200));
        if (!members.Contains("terminal", StringComparison.Ordinal))
        {
            Assert.Equal(type, data.GetProperty("error").GetProperty("type").GetString());
            Assert.Contains(words, data.GetProperty("error").GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task A_limit_says_when_it_begins_anew()
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        var reset = scene.Clock.GetUtcNow().AddSeconds(4000).ToUnixTimeSeconds();
        await scene.Program.SayAsync(
            $$$"""{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":{{{reset}}},"rateLimitType":"five_hour"}}""",
            Assistant("rate_limit", """429,"api_error":"usage_limit_reached" """, "You've hit your limit · resets 4:22pm (UTC)"),
            Result("""429,"api_error":"usage_limit_reached" """, "You've hit your limit · resets 4:22pm (UTC)"));
        Assert.Contains("You've hit your limit · resets 4:22pm (UTC)", JsonDocument.Parse(await scene.WholeAsync()).RootElement.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal((429, "4000", "false"), (scene.Answer.Status, scene.Answer["retry-after"], scene.Answer["x-should-retry"]));
        await scene.Program.Disposed;
        Assert.Equal("rejected", scene.Messages.Limits!.Status);
    }

    [Theory]
    [InlineData("429", "rate_limit", 2242, 429, "3")]
    [InlineData("529", "overloaded", 533, 529, "1")]
    [InlineData("500", "server_error", 594, 500, null)]
    [InlineData("null", "unknown", 598, 502, null)]
    public async Task Another_try_is_left_to_who_asked(string status, string category, int delay, int expected, string? retryAfter)
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.SayAsync(Retry(status, category, delay));
        await scene.WholeAsync();
        Assert.Equal((expected, retryAfter), (scene.Answer.Status, scene.Answer["retry-after"]));
        Assert.True(scene.Program.IsKilled);
    }

    [Theory]
    [InlineData("401")]
    [InlineData("400")]
    public async Task What_the_program_can_put_right_is_left_to_it(string status)
    {
        await using var scene = await ClaudeScene.ListenedAsync();
        await scene.Program.SayAsync(Retry(status, "authentication_failed", 500));
        await scene.Program.TellAsync(ClaudeScene.Start, ClaudeScene.End("end_turn"), ClaudeScene.Stop);
        await scene.WholeAsync();
        Assert.Equal(200, scene.Answer.Status);
    }

    [Fact]
    public async Task A_failure_while_it_is_told_the_request_is_a_status()
    {
        await using var scene = new ClaudeScene("""{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]}""");
        await scene.Program.HearAsync();
        await scene.Program.SayAsync(Result("null", "Not logged in · Please run /login"));
        await scene.WholeAsync();
        Assert.Equal(502, scene.Answer.Status);
    }

    [Fact]
    public async Task Without_a_stream_a_failure_amid_the_message_is_a_status_still()
    {
        await using var scene = await ClaudeScene.ListenedAsync(ClaudeScene.Request.Replace("true", "false", StringComparison.Ordinal));
        await scene.Program.TellAsync(ClaudeScene.Start, ClaudeScene.BlockStart);
        await scene.Program.SayAsync(Assistant("unknown", "529", "API Error: Overloaded"));
        Assert.Contains("overloaded_error", await scene.WholeAsync());
        Assert.Equal((529, "false"), (scene.Answer.Status, scene.Answer["x-should-retry"]));
    }

    private static string Retry(string status, string category, int delay) =>
        $$"""{"type":"system","subtype":"api_retry","attempt":1,"max_retries":1,"retry_delay_ms":{{delay}},"error_status":{{status}},"error":"{{category}}"}""";

    private static string Assistant(string category, string members, string text) =>
        $$"""{"type":"assistant","message":{"model":"<synthetic>","content":[{"type":"text","text":"{{text}}"}]},"error":"{{category}}","is_api_error_message":true,"api_error_status":{{members.Split(",\"terminal")[0]}} }""";

    private static string Result(string members, string text) =>
        $$"""{"subtype":"success","is_error":true,"api_error_status":{{members}},"result":"{{text}}","type":"result"}""";
}
