using System.Buffers;
using System.Text;
using System.Text.Json;
using Tuppence.Upstreams.ClaudeCode.Requests;

namespace Tuppence.Tests.Unit.Upstreams.ClaudeCode;

public sealed class RequestLinesTests
{
    [Fact]
    public void A_plain_request_is_settings_thinking_system_and_the_question()
    {
        Assert.Equal(
            [
                """{"type":"control_request","request_id":"settings","request":{"subtype":"apply_flag_settings","settings":{"model":"claude-sonnet-4-5","env":{"CLAUDE_CODE_MAX_OUTPUT_TOKENS":"700"}}}}""",
                """{"type":"control_request","request_id":"thinking","request":{"subtype":"set_max_thinking_tokens","max_thinking_tokens":0}}""",
                """{"type":"control_request","request_id":"system","request":{"subtype":"initialize","systemPrompt":["Be \u00e9 brief.\n"]}}""",
                """{"type":"user","message":{"role":"user","content":" /help @x \ud83d\ude00 é "},"parent_tool_use_id":null,"session_id":"","client_composed":true}""",
            ],
            Lines("""{"model":"claude-sonnet-4-5","max_tokens":700,"system":"Be \u00e9 brief.\n","messages":[{"role":"user","content":" /help @x \ud83d\ude00 é "}]}"""));
    }

    [Fact]
    public void A_conversation_keeps_its_order_and_the_model_s_name_stands_in_each_assistant_line()
    {
        var lines = Lines("""
            {"model":"claude-sonnet-4-5","max_tokens":700,"messages":[
              {"role":"assistant","content":"greet"},{"role":"user","content":"u1"},
              {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"c2ln"},
                {"type":"tool_use","id":"toolu_1","name":"t","input":{"n":1.0}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"r"}]}]}
            """)[3..];
        Assert.Equal("""{"type":"assistant","message":{"id":"msg_history_0","type":"message","role":"assistant","model":"claude-sonnet-4-5","content":[{"type":"text","text":"greet"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}},"parent_tool_use_id":null,"session_id":""}""", lines[0]);
        Assert.Equal("""{"type":"user","message":{"role":"user","content":"u1"},"parent_tool_use_id":null,"session_id":"","client_composed":true,"shouldQuery":false,"uuid":"00000000-0000-4000-8000-000000000001"}""", lines[1]);
        Assert.Contains("""[{"type":"thinking","thinking":"hm","signature":"c2ln"},{"type":"tool_use","id":"toolu_1","name":"t","input":{"n":1.0}}]""", lines[2]);
        Assert.Contains("""[{"type":"tool_result","tool_use_id":"toolu_1","content":"r"}]""", lines[3]);
        Assert.Equal(4, lines.Count);
    }

    [Fact]
    public void User_turns_that_follow_one_another_are_one_with_all_their_blocks()
    {
        var lines = Lines("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"a"},{"role":"system","content":"b"},{"role":"user","content":[{"type":"text","text":"c"},{"type":"image","source":{}}]}]}""");
        Assert.Contains("""{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"},{"type":"text","text":"c"},{"type":"image","source":{}}]}""", lines[^1]);
        Assert.DoesNotContain("shouldQuery", lines[^1]);
    }

    [Fact]
    public void The_environment_carries_five_members_and_no_other()
    {
        var settings = JsonDocument.Parse(Lines("""
            {"model":"m","max_tokens":9,"temperature":0.5,"top_p":null,"top_k":5,"stop_sequences":["é\"\\\n","\u2028"],"tool_choice":{"type":"auto"},
             "system":"s","metadata":{"user_id":"u"},"service_tier":"auto","output_config":{"effort":"low"},"messages":[{"role":"user","content":"a"}]}
            """)[0]).RootElement.GetProperty("request").GetProperty("settings");
        Assert.Equal("model,effortLevel,env", string.Join(',', settings.EnumerateObject().Select(static member => member.Name)));
        Assert.Equal("CLAUDE_CODE_MAX_OUTPUT_TOKENS,CLAUDE_CODE_EXTRA_BODY", string.Join(',', settings.GetProperty("env").EnumerateObject().Select(static member => member.Name)));
        var extra = settings.GetProperty("env").GetProperty("CLAUDE_CODE_EXTRA_BODY").GetString()!;
        Assert.Equal("""{"temperature":0.5,"top_k":5,"stop_sequences":["é\"\\\n","\u2028"],"tool_choice":{"type":"auto"}}""", extra);
        Assert.Equal("low", settings.GetProperty("effortLevel").GetString());
    }

    [Fact]
    public void Tools_go_along_with_the_system_prompt_so_that_nothing_need_be_asked()
    {
        var initialize = JsonDocument.Parse(Lines("""
            {"model":"m","max_tokens":9,"system":[{"type":"text","text":"one"},{"type":"text","text":"two"}],
             "tools":[{"name":"t","description":"d","input_schema":{"type":"object"},"strict":true},{"type":"custom","name":"u","input_schema":{"type":"object"}}],
             "messages":[{"role":"user","content":"a"}]}
            """)[1]).RootElement.GetProperty("request");
        Assert.Equal("""["one","two"]""", initialize.GetProperty("systemPrompt").GetRawText());
        Assert.Equal("""["gw"]""", initialize.GetProperty("sdkMcpServers").GetRawText());
        Assert.Equal(
            """{"tools":[{"name":"t","description":"d","inputSchema":{"type":"object"}},{"name":"u","inputSchema":{"type":"object"}}]}""",
            initialize.GetProperty("sdkMcpServerManifests").GetProperty("gw").GetProperty("toolsListResult").GetRawText());
    }

    [Theory]
    [InlineData("claude-opus-4-7", "", "high")]
    [InlineData("claude-opus-4-7", ",\"output_config\":{\"effort\":\"max\"}", "max")]
    [InlineData("claude-sonnet-4-5", "", null)]
    [InlineData("claude-none-1", "", null)]
    public void The_effort_is_told_as_the_API_takes_it_where_none_is_named(string model, string config, string? expected)
    {
        var settings = JsonDocument.Parse(Lines($$"""{"model":"{{model}}","max_tokens":2000{{config}},"messages":[{"role":"user","content":"a"}]}""")[0]).RootElement.GetProperty("request").GetProperty("settings");
        Assert.Equal(expected, settings.TryGetProperty("effortLevel", out var effort) ? effort.GetString() : null);
    }

    [Theory]
    [InlineData("claude-sonnet-4-5", 2000, "", 0)]
    [InlineData("claude-sonnet-4-5", 2000, ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1500}", 1500)]
    [InlineData("claude-sonnet-4-5", 2000, ",\"thinking\":{\"type\":\"disabled\"}", 0)]
    [InlineData("claude-opus-4-6", 2000, "", 0)]
    [InlineData("claude-opus-4-6", 2000, ",\"thinking\":{\"type\":\"adaptive\"}", -1)]
    [InlineData("claude-opus-5-5", 100, "", -1)]
    [InlineData("claude-opus-5-5", 100, ",\"thinking\":{\"type\":\"adaptive\"}", -1)]
    [InlineData("claude-sonnet-5", 100, ",\"thinking\":{\"type\":\"disabled\"}", 0)]
    [InlineData("claude-none-1", 1000, "", 0)]
    [InlineData("claude-none-1", 2000, "", -1)]
    [InlineData("sonnet", 100, "", -1)]
    public void Thinking_is_told_as_a_number_or_not_at_all(string model, int maxTokens, string thinking, int expected)
    {
        var line = Lines($$"""{"model":"{{model}}","max_tokens":{{maxTokens}}{{thinking}},"messages":[{"role":"user","content":"a"}]}""").SingleOrDefault(static line => line.Contains("set_max_thinking_tokens", StringComparison.Ordinal));
        Assert.Equal(expected, line is null ? -1 : JsonDocument.Parse(line).RootElement.GetProperty("request").GetProperty("max_thinking_tokens").GetInt32());
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"model":"m"}""")]
    [InlineData("""{"model":1,"messages":[{"role":"user","content":"a"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"pre"}]}""")]
    [InlineData("""{"model":"claude-fable-5-2","max_tokens":10,"thinking":{"type":"disabled"},"messages":[{"role":"user","content":"a"}]}""")]
    public void What_cannot_be_told_is_said(string body)
    {
        Assert.False(ClaudeRequest.TryRead(Encoding.UTF8.GetBytes(body), out _, out var fault));
        Assert.True(fault!.Length > 10);
    }

    internal static List<string> Lines(string body)
    {
        Assert.True(ClaudeRequest.TryRead(Encoding.UTF8.GetBytes(body), out var request, out var fault), fault);
        return Lines(request!);
    }

    internal static List<string> Lines(ClaudeRequest request)
    {
        var lines = new RequestLines(request);
        var output = new ArrayBufferWriter<byte>();
        for (var i = 0; i < lines.Count; i++)
        {
            lines.Write(i, output);
        }

        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        Assert.EndsWith("\n", text);
        var list = text[..^1].Split('\n').ToList();
        Assert.Equal(lines.Count, list.Count);
        return list;
    }
}
