using System.Text.Json;
using Tuppence.Tests.Golden.Configuration;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Unit.Upstreams.ClaudeCode;

/// <summary>What the real program (2.1.330) printed in fourteen situations, and the answer that it becomes.</summary>
public sealed class CaptureTests
{
    public static TheoryData<string, int, string> Captures => new()
    {
        { "01-text-nonbare-sonnet45", 200, "end_turn" },
        { "02-text-nonbare-opus55", 200, "end_turn" },
        { "03-history-bare-thinking", 200, "end_turn" },
        { "04-extra-body-apply-flag-settings", 200, "end_turn" },
        { "05-tools-sdk-mcp", 200, "tool_use" },
        { "06-max-tokens-autocontinue", 200, "max_tokens" },
        { "07-err-401", 401, "authentication_error" },
        { "08-err-429-retry-after", 429, "rate_limit_error" },
        { "09-err-529", 529, "overloaded_error" },
        { "10-err-404-model", 404, "not_found_error" },
        { "11-err-midstream-sse-error", 200, "overloaded_error" },
        { "12-not-logged-in", 401, "authentication_error" },
        { "13-oauth-dummy-rate-limit-event", 200, "end_turn" },
        { "14-oauth-dummy-429-limit", 429, "rate_limit_error" },
    };

    [Theory]
    [MemberData(nameof(Captures))]
    public async Task A_recorded_run_becomes_its_answer(string name, int status, string word)
    {
        var lines = Read(name);
        await using var scene = await ClaudeScene.ListenedAsync(RequestOf(lines));
        await scene.Program.SayAsync(lines);
        var text = await scene.WholeAsync();

        Assert.Equal(status, scene.Answer.Status);
        Assert.Contains($"\"{word}\"", text);
        if (status == 200)
        {
            // Byte for byte what the API sent, up to where its message ends or breaks.
            var events = EventsOf(lines);
            var expected = string.Concat(events.Select(ClaudeScene.Sse));
            var isBroken = text.Contains("event: error", StringComparison.Ordinal);
            Assert.Equal(expected, isBroken ? text[..text.IndexOf("event: error", StringComparison.Ordinal)] : text);
            Assert.Equal(isBroken ? 0 : 1, text.Split("event: message_stop").Length - 1);
        }

        Assert.Equal(word != "end_turn", scene.Program.IsKilled);
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public async Task Without_a_stream_it_becomes_one_message_or_an_error(string name, int status, string word)
    {
        var lines = Read(name);
        await using var scene = await ClaudeScene.ListenedAsync(RequestOf(lines).Replace("\"stream\":true", "\"stream\":false", StringComparison.Ordinal));
        await scene.Program.SayAsync(lines);
        var json = JsonDocument.Parse(await scene.WholeAsync()).RootElement;
        if (name.StartsWith("11", StringComparison.Ordinal) || status != 200)
        {
            Assert.Equal((status == 200 ? 529 : status, word), (scene.Answer.Status, json.GetProperty("error").GetProperty("type").GetString()));
            return;
        }

        Assert.Equal((200, "application/json", word), (scene.Answer.Status, scene.Answer.ContentType, json.GetProperty("stop_reason").GetString()));
        Assert.Equal(42, json.GetProperty("usage").GetProperty("output_tokens").GetInt32());
        Assert.Equal(22, json.GetProperty("usage").GetProperty("cache_creation_input_tokens").GetInt32());
        var content = json.GetProperty("content").EnumerateArray().ToList();
        Assert.NotEmpty(content);
        if (name.StartsWith("03", StringComparison.Ordinal))
        {
            Assert.Equal(("Let me think about it.", "c2lnbmF0dXJl"), (content[0].GetProperty("thinking").GetString(), content[0].GetProperty("signature").GetString()));
            Assert.Equal("Hello from the fake upstream.", content[1].GetProperty("text").GetString());
        }

        if (name.StartsWith("05", StringComparison.Ordinal))
        {
            var tool = content.Single(static block => block.GetProperty("type").GetString() == "tool_use");
            Assert.Equal(JsonValueKind.String, tool.GetProperty("input").GetProperty("city").ValueKind);
        }
    }

    [Fact]
    public async Task The_account_s_limits_are_told_of()
    {
        var lines = Read("13-oauth-dummy-rate-limit-event");
        await using var scene = await ClaudeScene.ListenedAsync(RequestOf(lines));
        await scene.Program.SayAsync(lines);
        await scene.WholeAsync();
        await scene.Program.Closed;
        await scene.Program.Disposed;
        var limits = scene.Messages.Limits!;
        Assert.Equal(("allowed_warning", "five_hour", 0.93, false), (limits.Status, limits.Kind, limits.Utilization, limits.IsUsingOverage));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795364566), limits.ResetsAt);
        Assert.Equal([("five_hour", 0.93), ("seven_day", 0.2)], limits.Windows.Select(static window => (window.Name, window.Utilization!.Value)));
    }

    private static string[] Read(string name) =>
        File.ReadAllLines(Path.Combine(GoldenText.RepositoryRoot, "tests", "Tuppence.Tests", "Captures", "claude-code", name + ".stdout.jsonl"))
            .Where(static line => !line.Contains("\"num_turns\":0", StringComparison.Ordinal)).ToArray();

    private static string RequestOf(string[] lines)
    {
        var init = JsonDocument.Parse(lines.First(static line => line.Contains("\"subtype\":\"init\"", StringComparison.Ordinal))).RootElement;
        return ClaudeScene.Request.Replace("claude-sonnet-4-5", init.GetProperty("model").GetString(), StringComparison.Ordinal);
    }

    private static List<string> EventsOf(string[] lines)
    {
        var events = new List<string>();
        foreach (var line in lines)
        {
            if (line.Contains("\"is_api_error_message\":true", StringComparison.Ordinal))
            {
                break;
            }

            if (line.StartsWith("{\"type\":\"stream_event\"", StringComparison.Ordinal))
            {
                var one = JsonDocument.Parse(line).RootElement.GetProperty("event").GetRawText();
                events.Add(one);
                if (one.Contains("\"message_stop\"", StringComparison.Ordinal))
                {
                    break;
                }
            }
        }

        return events;
    }
}
