using Tuppence.Configuration;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P12: where there is another upstream, the head of a stream waits for its first event, so that an early overload goes on; good streams lose no time.</summary>
public sealed class P12_The_first_event_is_held
{
    private const string Overloaded = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_stream_that_begins_with_an_error_is_served_by_the_next_upstream(bool inPieces)
    {
        await using var first = ScriptedUpstream.Start(call => StreamAsync(call, inPieces ? Overloaded.Chunk(7).Select(static part => new string(part)) : [Overloaded]));
        await using var second = ScriptedUpstream.Start(static call => StreamAsync(call, [Sse.Start, Sse.Delta("from b")]));
        await using var gateway = await StartAsync(first, second);

        var answer = await gateway.PostAsync(Sse.Body);

        Assert.Equal((200, "b", 1, 1), (answer.Status, answer["x-tuppence-upstream"], first.Calls.Count, second.Calls.Count));
        Assert.Equal(Sse.Start + Sse.Delta("from b"), answer.Text);
        Assert.Equal(first.Calls[0].Text, second.Calls[0].Text);
        Assert.Contains("a did not serve the request (its first event is an error); it goes on to b", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_stream_is_passed_on_as_soon_as_its_first_letters_say_so()
    {
        var goOn = new TaskCompletionSource();
        await using var first = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            await call.SendChunkAsync("event: m");
            await goOn.Task;
            await call.SendChunkAsync("essage_start\ndata: {\"type\":\"message_start\"}\n\n");
            await call.EndChunksAsync();
        });
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(first, second);

        using var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync(RawClient.Post("/v1/messages", Sse.Body));
        Assert.Equal(200, (await client.ReadHeadAsync())?.Status);
        Assert.Equal("event: m", await Sse.ReadUntilAsync(client, "event: m"));
        goOn.SetResult();

        Assert.Equal((true, "essage_start\ndata: {\"type\":\"message_start\"}\n\n"), await Sse.ReadToEndAsync(client));
        Assert.Empty(second.Calls);
    }

    [Fact]
    public async Task Without_another_upstream_the_head_comes_at_once()
    {
        var goOn = new TaskCompletionSource();
        await using var only = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            await goOn.Task;
            await call.SendChunkAsync(Overloaded);
            await call.EndChunksAsync();
        });
        await using var gateway = await TestGateway.StartAsync(only);

        using var client = await Sse.BeginAsync(gateway);
        goOn.SetResult();

        Assert.Equal((true, Overloaded), await Sse.ReadToEndAsync(client));
    }

    [Fact]
    public async Task Where_none_is_left_the_error_event_is_passed_on()
    {
        await using var first = ScriptedUpstream.Start(static call => StreamAsync(call, [Overloaded]));
        await using var second = ScriptedUpstream.Start(static call => StreamAsync(call, [Overloaded.Replace("Overloaded\"", "so am I\"", StringComparison.Ordinal)]));
        await using var gateway = await StartAsync(first, second);

        var answer = await gateway.PostAsync(Sse.Body);

        Assert.Equal((200, "b"), (answer.Status, answer["x-tuppence-upstream"]));
        Assert.Contains("so am I", answer.Text, StringComparison.Ordinal);
    }

    /// <summary>Nothing of it has reached the client, but the upstream took the request and may have worked on it.</summary>
    [Theory, InlineData(""), InlineData("event: err"), InlineData("event: error\ndata: {\"type\":\"err")]
    public async Task A_stream_that_breaks_before_its_first_event_does_not_go_on(string beginning)
    {
        await using var first = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            if (beginning.Length > 0)
            {
                await call.SendChunkAsync(beginning);
            }

            call.Close();
        });
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(first, second);

        var answer = await gateway.PostAsync(Sse.Body);

        Assert.Equal(beginning.Length == 0 ? 502 : 200, answer.Status);
        Assert.Contains("broke off", answer.Text, StringComparison.Ordinal);
        Assert.Empty(second.Calls);
    }

    [Fact]
    public async Task While_the_first_event_is_waited_for_a_silent_upstream_is_given_up()
    {
        await using var first = ScriptedUpstream.Start(static async call =>
        {
            await call.BeginStreamAsync();
            await call.UntilClosedAsync();
        });
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(first, second, config => config with { Timeouts = new TimeoutConfig { Idle = TimeSpan.FromMilliseconds(200) } });

        var answer = await gateway.PostAsync(Sse.Body);

        Assert.Equal(504, answer.Status);
        Assert.Empty(second.Calls);
    }

    [Fact]
    public async Task A_client_that_leaves_meanwhile_stops_the_upstream()
    {
        var (began, left) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var first = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            began.SetResult();
            await call.UntilClosedAsync();
            left.SetResult();
        });
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(first, second);

        using var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync(RawClient.Post("/v1/messages", Sse.Body));
        await began.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        client.Reset();

        await left.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await gateway.UntilIdleAsync();
        Assert.Empty(second.Calls);
    }

    [Fact]
    public async Task An_answer_that_is_no_stream_is_not_held()
    {
        await using var first = ScriptedUpstream.Start(static call => call.AnswerAsync(200, """{"type":"error","error":{"type":"overloaded_error"}}"""));
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(first, second);

        var answer = await gateway.PostAsync(Sse.Body);

        Assert.Equal((200, """{"type":"error","error":{"type":"overloaded_error"}}"""), (answer.Status, answer.Text));
        Assert.Empty(second.Calls);
    }

    private static Task<TestGateway> StartAsync(ScriptedUpstream first, ScriptedUpstream second, Func<GatewayConfig, GatewayConfig>? change = null) => TestGateway.StartAsync(config =>
    {
        config = config with
        {
            Upstream = "a",
            Fallback = ["b"],
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["a"] = new() { Url = first.Url }, ["b"] = new() { Url = second.Url } },
        };
        return change?.Invoke(config) ?? config;
    });

    private static async Task StreamAsync(UpstreamCall call, IEnumerable<string> chunks)
    {
        await call.BeginStreamAsync();
        foreach (var chunk in chunks)
        {
            await call.SendChunkAsync(chunk);
        }

        await call.EndChunksAsync();
    }
}
