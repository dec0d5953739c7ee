using System.Text;
using Anthropic;
using Anthropic.Models.Messages;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P13: however an upstream breaks off, what came before arrives, then an error event that says why; never a silent end.</summary>
public sealed class P13_A_broken_stream_says_so
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

    private const string Half = "event: content_block_delta\ndata: {\"index\":7";

    public enum Break
    {
        Reset, CloseWithoutLastChunk, BadChunkSize, BadChunkEnd, ShortOfContentLength, Stall, CutInsideChunk,
    }

    public static MatrixTheoryData<Break, bool> Breaks => new(Enum.GetValues<Break>(), [false, true]);

    [Theory, MemberData(nameof(Breaks))]
    public async Task After_all_events_and_in_order(Break how, bool inMidEvent)
    {
        var seen = new TaskCompletionSource();
        await using var upstream = ScriptedUpstream.Start(call => BreakAsync(call, how, inMidEvent, seen.Task));
        await using var gateway = await TestGateway.StartAsync(upstream, Impatient);

        using var client = await Sse.BeginAsync(gateway);
        var sent = Sse.Start + Sse.Delta("one") + (inMidEvent ? Half : "");
        Assert.Equal(sent, await Sse.ReadUntilAsync(client, inMidEvent ? Half : Sse.Delta("one")));
        seen.SetResult();
        var (inOrder, text) = await Sse.ReadToEndAsync(client);

        Assert.True(inOrder);
        Assert.StartsWith((inMidEvent ? "\n\n" : "") + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"", text, StringComparison.Ordinal);
        Assert.EndsWith("\n\n", text, StringComparison.Ordinal);
        Assert.Contains(how == Break.Stall ? "timeout_error" : "api_error", text, StringComparison.Ordinal);
        Assert.Contains("not complete", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("event: error").Length);
    }

    [Theory]
    [InlineData("Content-Type: application/json\r\nContent-Length: 50\r\n\r\n{\"half\":")]
    [InlineData("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"half\":\r\n")]
    [InlineData("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"half\":\r\nzz\r\n")]
    [InlineData("Content-Type: text/event-stream\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"half\":\r\n")]
    public async Task A_body_that_takes_no_event_ends_visibly_incomplete(string answer)
    {
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.SendAsync("HTTP/1.1 200 OK\r\n" + answer);
            call.Close();
        });
        await using var gateway = await TestGateway.StartAsync(upstream);

        var got = await gateway.PostAsync(Sse.Body);

        Assert.Equal((200, false, "{\"half\":"), (got.Status, got.IsComplete, got.Text));
    }

    [Theory, InlineData("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"), InlineData("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n")]
    public async Task A_stream_that_had_its_last_event_gets_no_second(string last)
    {
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            await call.SendChunkAsync(Sse.Start + last);
            call.Close();
        });
        await using var gateway = await TestGateway.StartAsync(upstream);

        using var client = await Sse.BeginAsync(gateway);

        Assert.Equal((true, Sse.Start + last), await Sse.ReadToEndAsync(client));
    }

    [Theory]
    [InlineData(Break.Reset), InlineData(Break.CloseWithoutLastChunk), InlineData(Break.BadChunkSize), InlineData(Break.Stall)]
    public async Task The_official_SDK_sees_the_text_so_far_and_then_the_reason(Break how)
    {
        var seen = new TaskCompletionSource();
        await using var upstream = ScriptedUpstream.Start(call => BreakAsync(call, how, inMidEvent: false, seen.Task));
        await using var gateway = await TestGateway.StartAsync(upstream, Impatient);
        using var client = new AnthropicClient { BaseUrl = gateway.Url.ToString().TrimEnd('/'), ApiKey = "anything", MaxRetries = 0 };
        var asking = new MessageCreateParams { Model = "claude-sonnet-4-5", MaxTokens = 64, Messages = [new UserMessageParam("Hello")] };

        var text = new StringBuilder();
        var thrown = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var part in client.Messages.CreateStreaming(asking, TestContext.Current.CancellationToken))
            {
                text.Append(part.TryPickContentBlockDelta(out var delta) && delta!.Delta.TryPickText(out var words) ? words!.Text : "");
                if (text.Length > 0)
                {
                    seen.TrySetResult();
                }
            }
        });

        Assert.Equal("one", text.ToString());
        Assert.Contains("The text so far is not complete", thrown.ToString(), StringComparison.Ordinal);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_upstream_that_breaks_before_its_first_byte_gives_an_error_answer(bool resets)
    {
        await using var upstream = ScriptedUpstream.Start(call =>
        {
            (resets ? (Action)call.Reset : call.Close)();
            return Task.CompletedTask;
        });
        await using var gateway = await TestGateway.StartAsync(upstream);

        var answer = await gateway.PostAsync(Sse.Body);

        Assert.Equal(502, answer.Status);
        Assert.StartsWith("{\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":", answer.Text, StringComparison.Ordinal);
    }

    private static GatewayConfig Impatient(GatewayConfig config) =>
        config with { Timeouts = new TimeoutConfig { Idle = TimeSpan.FromMilliseconds(400), Ping = TimeSpan.Zero } };

    /// <summary>Sends two events, and half of one more where asked; breaks once the client has seen them.</summary>
    private static async Task BreakAsync(UpstreamCall call, Break how, bool inMidEvent, Task seen)
    {
        var events = Sse.Start + Sse.Delta("one") + (inMidEvent ? Half : "");
        await call.SendAsync(how switch
        {
            Break.ShortOfContentLength => $"{Head}Content-Length: {events.Length + 1}\r\n\r\n{events}",
            Break.CutInsideChunk or Break.BadChunkEnd => $"{Head}Transfer-Encoding: chunked\r\n\r\n{(how == Break.BadChunkEnd ? events.Length : events.Length + 1):x}\r\n{events}",
            _ => $"{Head}Transfer-Encoding: chunked\r\n\r\n{events.Length:x}\r\n{events}\r\n",
        });
        await seen;
        switch (how)
        {
            case Break.Reset:
                call.Reset();
                return;
            case Break.BadChunkSize:
                await call.SendAsync("-1\r\n");
                await call.UntilClosedAsync();
                break;
            case Break.BadChunkEnd:
                await call.SendAsync("XX");
                await call.UntilClosedAsync();
                break;
            case Break.Stall:
                await call.UntilClosedAsync();
                break;
        }

        call.Close();
    }
}
