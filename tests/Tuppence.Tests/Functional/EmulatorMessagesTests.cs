using System.Net;

namespace Tuppence.Tests.Functional;

public sealed class EmulatorMessagesTests : EmulatorScene
{
    [Fact]
    public async Task A_message_is_answered_with_words_that_repeat_the_question()
    {
        using var response = await Emulator.PostAsync("/v1/messages", Hello);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        var message = await EmulatorHost.JsonAsync(response);

        Assert.Equal("message", message.GetProperty("type").GetString());
        Assert.Equal("claude-haiku-4-5-20251001", message.GetProperty("model").GetString());
        Assert.StartsWith("msg_01", message.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("end_turn", message.GetProperty("stop_reason").GetString());
        var text = message.GetProperty("content")[0].GetProperty("text").GetString()!;
        Assert.Contains("Tuppence's emulator", text, StringComparison.Ordinal);
        Assert.Contains("You wrote: “Good morning”", text, StringComparison.Ordinal);
        Assert.True(message.GetProperty("usage").GetProperty("output_tokens").GetInt32() > 20);
    }

    [Fact]
    public async Task The_same_request_gets_the_same_words_and_another_id()
    {
        using var first = await Emulator.PostAsync("/v1/messages", Hello);
        using var second = await Emulator.PostAsync("/v1/messages", Hello);
        var (one, two) = (await EmulatorHost.JsonAsync(first), await EmulatorHost.JsonAsync(second));
        Assert.Equal(one.GetProperty("content").GetRawText(), two.GetProperty("content").GetRawText());
        Assert.NotEqual(one.GetProperty("id").GetString(), two.GetProperty("id").GetString(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_stream_holds_the_same_text_as_the_message()
    {
        using var whole = await Emulator.PostAsync("/v1/messages", Hello);
        var expected = (await EmulatorHost.JsonAsync(whole)).GetProperty("content")[0].GetProperty("text").GetString();

        using var response = await Emulator.PostAsync("/v1/messages", Hello.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal));
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var events = await EmulatorHost.EventsAsync(response);

        var types = string.Join(' ', events.Select(e => EmulatorHost.Text(e, "type")));
        Assert.StartsWith("message_start content_block_start ping content_block_delta", types, StringComparison.Ordinal);
        Assert.EndsWith("content_block_delta content_block_stop message_delta message_stop", types, StringComparison.Ordinal);
        var text = string.Concat(events.Where(e => e.GetProperty("type").GetString() == "content_block_delta").Select(e => e.GetProperty("delta").GetProperty("text").GetString()));
        Assert.Equal(expected, text);
    }

    [Theory]
    [InlineData("claude-haiku-4-5", ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}", true)]
    [InlineData("claude-opus-5-5", ",\"thinking\":{\"type\":\"adaptive\",\"display\":\"summarized\"}", true)]
    [InlineData("claude-opus-5-5", "", false)]
    public async Task Thinking_comes_first_and_signed_and_with_its_text_where_that_is_wanted(string model, string members, bool withText)
    {
        var body = $$"""{"model":"{{model}}","max_tokens":3000,"messages":[{"role":"user","content":"Why?"}]{{members}}}""";
        using var whole = await Emulator.PostAsync("/v1/messages", body);
        var message = await EmulatorHost.JsonAsync(whole);
        var thinking = message.GetProperty("content")[0];
        Assert.Equal("thinking", EmulatorHost.Text(thinking, "type"));
        Assert.Equal(withText, EmulatorHost.Text(thinking, "thinking")!.Length > 0);
        Assert.True(message.GetProperty("usage").GetProperty("output_tokens_details").GetProperty("thinking_tokens").GetInt32() > 0);

        using var streamed = await Emulator.PostAsync("/v1/messages", Streamed(body));
        var deltas = (await EmulatorHost.EventsAsync(streamed)).Where(e => EmulatorHost.Text(e, "type") == "content_block_delta" && e.GetProperty("index").GetInt32() == 0).Select(e => e.GetProperty("delta")).ToArray();
        Assert.Equal(EmulatorHost.Text(thinking, "thinking"), string.Concat(deltas.SkipLast(1).Select(delta => EmulatorHost.Text(delta, "thinking"))));
        Assert.Equal("signature_delta", EmulatorHost.Text(deltas[^1], "type"));
        Assert.Equal(EmulatorHost.Text(thinking, "signature"), EmulatorHost.Text(deltas[^1], "signature"));
    }

    [Theory]
    [InlineData("What is the weather?", ",\"tool_choice\":{\"type\":\"any\"}", true)]
    [InlineData("What is the weather?", ",\"tool_choice\":{\"type\":\"tool\",\"name\":\"get_weather\"}", true)]
    [InlineData("Please call get_weather for Paris", "", true)]
    [InlineData("Please call get_weather for Paris", ",\"tool_choice\":{\"type\":\"none\"}", false)]
    [InlineData("What is the weather?", "", false)]
    public async Task A_tool_is_called_where_it_must_be_or_is_asked_for(string asked, string choice, bool called)
    {
        const string Tools = """[{"name":"get_weather","input_schema":{"type":"object","properties":{"city":{"type":"string"},"unit":{"enum":["C","F"]},"days":{"type":"integer","minimum":3},"note":{"type":"string"}},"required":["city","unit","days"]}}]""";
        var body = $$"""{"model":"claude-haiku-4-5","max_tokens":900,"tools":{{Tools}},"messages":[{"role":"user","content":"{{asked}}"}]{{choice}}}""";
        using var whole = await Emulator.PostAsync("/v1/messages", body);
        var message = await EmulatorHost.JsonAsync(whole);
        Assert.Equal(called ? "tool_use" : "end_turn", EmulatorHost.Text(message, "stop_reason"));
        if (!called)
        {
            return;
        }

        var use = message.GetProperty("content").EnumerateArray().Last();
        Assert.Equal($$"""{"city":"{{asked}}","unit":"C","days":3}""", use.GetProperty("input").GetRawText());

        using var streamed = await Emulator.PostAsync("/v1/messages", Streamed(body));
        var deltas = (await EmulatorHost.EventsAsync(streamed)).Where(e => EmulatorHost.Text(e, "type") == "content_block_delta").Select(e => e.GetProperty("delta")).Where(delta => EmulatorHost.Text(delta, "type") == "input_json_delta");
        Assert.Equal(use.GetProperty("input").GetRawText(), string.Concat(deltas.Select(delta => EmulatorHost.Text(delta, "partial_json"))));
    }

    [Theory]
    [InlineData("\"max_tokens\":5", "max_tokens", null)]
    [InlineData("\"max_tokens\":900,\"stop_sequences\":[\"nowhere\",\"offline\"]", "stop_sequence", "offline")]
    [InlineData("\"max_tokens\":5,\"stop_sequences\":[\"offline\"]", "max_tokens", null)]
    [InlineData("\"max_tokens\":0", "max_tokens", null)]
    public async Task A_reply_stops_where_it_was_told_to(string members, string reason, string? sequence)
    {
        using var response = await Emulator.PostAsync("/v1/messages", $$"""{"model":"claude-haiku-4-5",{{members}},"messages":[{"role":"user","content":"Hi"}]}""");
        var message = await EmulatorHost.JsonAsync(response);
        Assert.Equal(reason, EmulatorHost.Text(message, "stop_reason"));
        Assert.Equal(sequence, EmulatorHost.Text(message, "stop_sequence"));
        Assert.True(message.GetProperty("usage").GetProperty("output_tokens").GetInt32() <= (reason == "max_tokens" ? 5 : 900));
        Assert.DoesNotContain("offline", message.GetProperty("content").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_documented_test_string_makes_a_refusal()
    {
        using var response = await Emulator.PostAsync("/v1/messages", Hello.Replace("Good morning", "ANTHROPIC_MAGIC_STRING_TRIGGER_REFUSAL_0", StringComparison.Ordinal));
        var message = await EmulatorHost.JsonAsync(response);
        Assert.Equal("refusal", EmulatorHost.Text(message, "stop_reason"));
        Assert.Equal("refusal", EmulatorHost.Text(message.GetProperty("stop_details"), "type"));
        Assert.Equal(0, message.GetProperty("content").GetArrayLength());
    }

    [Fact]
    public async Task A_prefill_is_continued_and_not_repeated()
    {
        using var response = await Emulator.PostAsync("/v1/messages", """{"model":"claude-haiku-4-5","max_tokens":500,"messages":[{"role":"user","content":"A tale"},{"role":"assistant","content":"Once upon a time"}]}""");
        var text = EmulatorHost.Text((await EmulatorHost.JsonAsync(response)).GetProperty("content")[0], "text")!;
        Assert.StartsWith(" and from here", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Once upon", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prompt_without_cache_control_is_plain_input()
    {
        using var response = await Emulator.PostAsync("/v1/messages", Hello);
        var usage = (await EmulatorHost.JsonAsync(response)).GetProperty("usage");
        Assert.Equal(9, usage.GetProperty("input_tokens").GetInt32());
        Assert.Equal(0, usage.GetProperty("cache_creation_input_tokens").GetInt32());
        Assert.Equal(0, usage.GetProperty("cache_read_input_tokens").GetInt32());
        Assert.Equal("""{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0}""", usage.GetProperty("cache_creation").GetRawText());
        Assert.Equal("standard", EmulatorHost.Text(usage, "service_tier"));
    }

    private static string Streamed(string body) => string.Concat("{\"stream\":true,", body.AsSpan(1));
}
