using System.Net;

namespace Tuppence.Tests.Functional;

public sealed class EmulatorMessagesTests : IAsyncLifetime
{
    private const string Hello = """{"model":"claude-haiku-4-5","max_tokens":500,"messages":[{"role":"user","content":"Good morning"}]}""";

    private EmulatorHost emulator = null!;

    public async ValueTask InitializeAsync() => emulator = await EmulatorHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(emulator.Errors.Lines);
        await emulator.DisposeAsync();
    }

    [Fact]
    public async Task A_message_is_answered_with_words_that_repeat_the_question()
    {
        using var response = await emulator.PostAsync("/v1/messages", Hello);
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
        using var first = await emulator.PostAsync("/v1/messages", Hello);
        using var second = await emulator.PostAsync("/v1/messages", Hello);
        var (one, two) = (await EmulatorHost.JsonAsync(first), await EmulatorHost.JsonAsync(second));
        Assert.Equal(one.GetProperty("content").GetRawText(), two.GetProperty("content").GetRawText());
        Assert.NotEqual(one.GetProperty("id").GetString(), two.GetProperty("id").GetString(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_stream_holds_the_same_text_as_the_message()
    {
        using var whole = await emulator.PostAsync("/v1/messages", Hello);
        var expected = (await EmulatorHost.JsonAsync(whole)).GetProperty("content")[0].GetProperty("text").GetString();

        using var response = await emulator.PostAsync("/v1/messages", Hello.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal));
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var events = await EmulatorHost.EventsAsync(response);

        var types = string.Join(' ', events.Select(e => EmulatorHost.Text(e, "type")));
        Assert.StartsWith("message_start content_block_start ping content_block_delta", types, StringComparison.Ordinal);
        Assert.EndsWith("content_block_delta content_block_stop message_delta message_stop", types, StringComparison.Ordinal);
        var text = string.Concat(events.Where(e => e.GetProperty("type").GetString() == "content_block_delta").Select(e => e.GetProperty("delta").GetProperty("text").GetString()));
        Assert.Equal(expected, text);
    }
}
