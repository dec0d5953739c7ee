using Tuppence.Configuration;
using Tuppence.State.Ledger;
using Tuppence.Tests.Scenes;
using Tuppence.Thrift;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional.Accounting;

/// <summary>Every request leaves one row behind, however it ends.</summary>
public sealed class RecordedRequestsTests
{
    private const string End = "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":9}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    private const string Error = "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";

    [Fact]
    public async Task An_answered_request_tells_all_that_is_known_of_it()
    {
        await using var upstream = ScriptedUpstream.Answering("""{"id":"msg_9","type":"message","model":"claude-haiku-4-5-20251001","content":[],"stop_reason":"end_turn","usage":{"input_tokens":10,"cache_read_input_tokens":20,"cache_creation_input_tokens":30,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":5,"output_tokens_details":{"thinking_tokens":2},"server_tool_use":{"web_search_requests":1,"web_fetch_requests":2},"service_tier":"standard","inference_geo":"not_available"}}""");
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with { GatewayKeys = [new Secret("0123456789abcdef-one"), new Secret("0123456789abcdef-two")] });
        var heard = HeardRequests.On(gateway);
        const string Body = """{"model":"claude-haiku-4-5","max_tokens":5,"messages":[{"role":"user","content":"Hello"}]}""";

        var answer = await gateway.PostAsync(Body, headers: "x-api-key: 0123456789abcdef-two\r\nUser-Agent: SillyTavern/1.13.5 (x)\r\n");
        var row = await heard.NextAsync();

        Assert.Equal(answer["x-tuppence-request-id"], row.Id);
        Assert.Equal((RequestKind.Message, RequestOutcome.Completed, 200, false), (row.Kind, row.Outcome, row.Status, row.IsStream));
        Assert.Equal(("key 2", "SillyTavern/1.13.5", "claude-haiku-4-5-20251001", "end_turn"), (row.Key, row.Client, row.Model, row.StopReason));
        Assert.Equal(new EntryUsage { Input = 10, CacheRead = 20, CacheWrite5m = 10, CacheWrite1h = 20, Output = 5, Thinking = 2, WebSearches = 1, WebFetches = 2, ServiceTier = "standard", InferenceGeo = "not_available" }, row.Usage);
        Assert.Equal((10 * 1000) + (20 * 100) + (10 * 1250) + (20 * 2000) + (5 * 5000) + 10_000_000, row.Cost!.Total);
        Assert.Equal((60 * 1000) + (5 * 5000) + 10_000_000, row.Cost.WithoutCaching);
        Assert.Equal((Body.Length, answer.Body.Length), (row.RequestBytes, row.ResponseBytes));
        Assert.True(row.Times.FirstByte > 0 && row.Times.Total >= row.Times.FirstByte && row.Times.Own > 0 && row.Times.Own <= row.Times.FirstByte);
        Assert.Equal($"began {row.Id}", heard.Told[0]);
        Assert.Equal($"ended {row.Id}", heard.Told[^1]);
        Assert.Contains($" [{row.Id}]", gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", string.Join(' ', row), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"m"}}""", "invalid_request_error")]
    [InlineData(529, """{"type":"error","error":{"type":"overloaded_error","message":"m"}}""", "overloaded_error")]
    [InlineData(500, "oops", null)]
    public async Task An_error_answer_is_a_row_without_usage(int status, string body, string? type)
    {
        await using var upstream = ScriptedUpstream.Start(call => call.AnswerAsync(status, body));
        await using var gateway = await TestGateway.StartAsync(upstream);
        var heard = HeardRequests.On(gateway);
        await gateway.PostAsync(Sse.Body);
        var row = await heard.NextAsync();
        Assert.Equal((RequestOutcome.Completed, status, type, null, null), (row.Outcome, row.Status, row.ErrorType, row.Usage, row.Cost));
    }

    [Fact]
    public async Task A_refused_request_is_a_row()
    {
        await using var gateway = await TestGateway.StartAsync();
        var heard = HeardRequests.On(gateway);
        await gateway.PostAsync(Sse.Body, "/v1/nobody/messages");
        // A row is told of after its answer: the next request must not overtake it.
        var first = await heard.NextAsync();
        var answer = await gateway.PostAsync(Sse.Body, headers: "x-tuppence-upstream: nobody\r\n");
        var rows = new[] { first, await heard.NextAsync() };
        Assert.All(rows, static row => Assert.Equal((RequestOutcome.Refused, null), (row.Outcome, row.Upstream)));
        Assert.Equal("invalid_request_error", rows[1].ErrorType);
        Assert.Equal(rows[1].Id, answer["x-tuppence-request-id"]);
    }

    [Fact]
    public async Task An_upstream_that_cannot_be_reached_is_a_row()
    {
        using var closed = new ClosedPort();
        await using var gateway = await TestGateway.StartAsync(config => config with { Upstream = closed.Url });
        var heard = HeardRequests.On(gateway);
        var answer = await gateway.PostAsync(Sse.Body);
        var row = await heard.NextAsync();
        Assert.Equal((RequestOutcome.Unreachable, 502, "api_error", "claude-sonnet-4-5"), (row.Outcome, row.Status, row.ErrorType, row.Model));
        Assert.Equal(row.Id, answer["x-tuppence-request-id"]);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_keeps_what_it_told()
    {
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            await call.SendChunkAsync(Sse.Start);
            call.Close();
        });
        await using var gateway = await TestGateway.StartAsync(upstream);
        var heard = HeardRequests.On(gateway);
        await gateway.PostAsync(Sse.Body);
        var row = await heard.NextAsync();
        Assert.Equal((RequestOutcome.Broken, 200, true, "api_error"), (row.Outcome, row.Status, row.IsStream, row.ErrorType));
        Assert.True(row.Usage!.IsPartial);
        Assert.Equal((1, 1, 3_000 + 15_000), (row.Usage.Input, row.Usage.Output, row.Cost!.Total));
    }

    /// <summary>https://github.com/envoyproxy/ai-gateway/issues/2697: an error in the middle of a stream was swallowed.</summary>
    [Fact]
    public async Task An_error_event_in_the_stream_is_told()
    {
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            await call.SendChunkAsync(Sse.Start + Error);
            await call.EndChunksAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream);
        var heard = HeardRequests.On(gateway);
        await gateway.PostAsync(Sse.Body);
        var row = await heard.NextAsync();
        Assert.Equal((RequestOutcome.Broken, "overloaded_error", true), (row.Outcome, row.ErrorType, row.Usage?.IsPartial));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_client_that_leaves_is_a_row_with_what_was_known_by_then(bool inMidStream)
    {
        var there = new TaskCompletionSource();
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            if (inMidStream)
            {
                await call.BeginStreamAsync();
                await call.SendChunkAsync(Sse.Start);
            }

            there.TrySetResult();
            await call.UntilClosedAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream);
        var heard = HeardRequests.On(gateway);
        using var client = inMidStream ? await Sse.BeginAsync(gateway) : await RawClient.ConnectAsync(gateway.Port);
        if (inMidStream)
        {
            await Sse.ReadUntilAsync(client, "content_block_start");
        }
        else
        {
            await client.SendAsync(RawClient.Post("/v1/messages", Sse.Body));
            await there.Task;
        }

        client.Leave();
        var row = await heard.NextAsync();

        Assert.Equal((RequestOutcome.ClientLeft, inMidStream ? 200 : null), (row.Outcome, row.Status));
        Assert.Equal(inMidStream ? 1L : null, row.Usage?.Input);
        Assert.Equal(inMidStream ? true : null, row.Usage?.IsPartial);
        Assert.Equal(inMidStream, row.Cost is not null);
    }

    [Fact]
    public async Task A_client_that_leaves_in_its_upload_is_a_row()
    {
        await using var gateway = await TestGateway.StartAsync();
        var heard = HeardRequests.On(gateway);
        using var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{");
        await gateway.UntilOpenAsync(1);
        client.Leave();
        var row = await heard.NextAsync();
        Assert.Equal((RequestOutcome.ClientLeft, null, null), (row.Outcome, row.Status, row.Upstream));
    }

    [Fact]
    public async Task A_retried_request_is_one_row_that_counts_its_attempts()
    {
        var calls = 0;
        await using var upstream = ScriptedUpstream.Start(call => call.AnswerAsync(Interlocked.Increment(ref calls) < 3 ? 529 : 200, """{"usage":{"input_tokens":1,"output_tokens":1}}"""));
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with { Retry = new RetryConfig { MaxRetries = 3, BaseDelay = TimeSpan.FromMilliseconds(1) } });
        var heard = HeardRequests.On(gateway);
        await gateway.PostAsync(Sse.Body);
        var row = await heard.NextAsync();
        Assert.Equal((2, 1, true), (row.Retries, row.Usage?.Input, heard.IsEmpty));
    }

    [Fact]
    public async Task Load_that_is_shed_is_a_row()
    {
        var gate = new TaskCompletionSource();
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await gate.Task;
            await call.AnswerAsync(200, "{}");
        });
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with { Limits = config.Limits with { MaxConcurrentRequests = 1, MaxQueuedRequests = 0 } });
        var heard = HeardRequests.On(gateway);
        var first = gateway.PostAsync(Sse.Body);
        await gateway.UntilOpenAsync(1);
        Assert.Equal(529, (await gateway.PostAsync(Sse.Body)).Status);
        var row = await heard.NextAsync();
        gate.SetResult();
        await first;
        Assert.Equal((RequestOutcome.Refused, 529, "overloaded_error"), (row.Outcome, row.Status, row.ErrorType));
    }

    [Theory, InlineData("gzip"), InlineData("br"), InlineData("deflate")]
    public async Task A_compressed_answer_passes_as_it_is_and_is_read_all_the_same(string coding)
    {
        var packed = Packed.As(coding, Sse.Start + Sse.Delta("word") + End);
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: {coding}\r\nTransfer-Encoding: chunked\r\n\r\n");
            foreach (var piece in packed.Chunk(11))
            {
                await call.SendChunkAsync(piece);
            }

            await call.EndChunksAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream);
        var heard = HeardRequests.On(gateway);
        var answer = await gateway.PostAsync(Sse.Body, headers: $"Accept-Encoding: {coding}\r\n");
        var row = await heard.NextAsync();
        Assert.Equal(packed, answer.Body);
        Assert.Equal((1, 9, false, "end_turn"), (row.Usage!.Input, row.Usage.Output, row.Usage.IsPartial, row.StopReason));
    }

    [Fact]
    public async Task An_answer_in_a_form_that_cannot_be_read_has_an_unknown_price_rather_than_none()
    {
        await using var upstream = ScriptedUpstream.Start(call => call.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: zstd\r\nContent-Length: 2\r\n\r\nxx"));
        await using var gateway = await TestGateway.StartAsync(upstream);
        var heard = HeardRequests.On(gateway);
        await gateway.PostAsync(Sse.Body);
        var row = await heard.NextAsync();
        Assert.True(row.Usage!.IsPartial);
        Assert.Null(row.Cost);
    }

    [Fact]
    public async Task A_sink_that_throws_harms_neither_the_request_nor_the_others()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Host.State.Sinks.Add(new ThrowingSink());
        var heard = HeardRequests.On(gateway);
        Assert.Equal(200, (await gateway.PostAsync(Sse.Body)).Status);
        Assert.NotNull(await heard.NextAsync());
        Assert.Contains("ThrowingSink failed to take a request", gateway.Log, StringComparison.Ordinal);
    }

    [Theory, InlineData(CacheLevel.Off), InlineData(CacheLevel.Respect), InlineData(CacheLevel.Markers)]
    public async Task Usage_is_read_at_every_level_and_a_planned_turn_is_told(CacheLevel level)
    {
        await using var gateway = await TestGateway.StartAsync(config => config with { Cache = new CacheConfig { Level = level } });
        var heard = HeardRequests.On(gateway);
        await gateway.PostAsync(Sse.Body);
        var first = await heard.NextAsync();
        await gateway.PostAsync(Sse.Body);
        var second = await heard.NextAsync();
        Assert.True(first is { Usage.Input: > 0, Usage.IsPartial: false, Cost.Total: > 0, StopReason: not null });
        Assert.Equal(level == CacheLevel.Off, second.Turn is null);
        Assert.Equal(level == CacheLevel.Off ? null : 2, second.Turn?.Number);
        Assert.Equal(level == CacheLevel.Off, second.Conversation is null);
        Assert.Equal(first.Conversation, second.Conversation);
        Assert.Equal(second.Usage!.AllInput, second.Turn?.Strip.Sum(static run => (long)run.Tokens) ?? second.Usage.AllInput);
    }
}
