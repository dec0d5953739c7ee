using Tuppence.Configuration;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional.Providers;

public sealed class BedrockStreamTests
{
    private const string Start = """{"type":"message_start","message":{"id":"msg_1"}}""";
    private const string Delta = """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüße"}}""";
    private const string Stop = """{"type":"message_stop"}""";

    [Fact]
    public async Task Frames_become_events()
    {
        await using var upstream = Playing(call => SendAsync(call, AwsFrames.Chunk(Start), AwsFrames.Chunk(Delta), AwsFrames.Chunk(Stop)));
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Bedrock);
        var response = await gateway.PostAsync(CloudScene.Body);

        Assert.Equal(200, response.Status);
        Assert.Equal("text/event-stream; charset=utf-8", response["Content-Type"]);
        Assert.Equal("amzn-7", response["request-id"]);
        Assert.True(response.IsComplete);
        Assert.Equal($"event: message_start\ndata: {Start}\n\nevent: content_block_delta\ndata: {Delta}\n\nevent: message_stop\ndata: {Stop}\n\n", response.Text);
        Assert.Equal("POST /model/us.anthropic.claude-sonnet-4-5-20250929-v1:0/invoke-with-response-stream HTTP/1.1", upstream.Calls[0].RequestLine);
        Assert.Equal("Bearer a-key-of-the-cloud", upstream.Calls[0]["authorization"]);
    }

    [Fact]
    public async Task Each_event_leaves_before_the_next_frame_has_come()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = Playing(async call =>
        {
            await call.SendAsync(AwsFrames.Head);
            var frame = AwsFrames.Chunk(Start);
            await call.SendChunkAsync(frame.AsMemory(0, 20));
            await call.SendChunkAsync(frame.AsMemory(20));
            await gate.Task;
            await SendRestAsync(call, AwsFrames.Chunk(Stop));
        });
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Bedrock);
        using var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync(RawClient.Post("/v1/messages", CloudScene.Body));
        Assert.Equal(200, (await client.ReadHeadAsync())?.Status);
        Assert.NotNull(await Sse.ReadUntilAsync(client, "msg_1"));
        gate.SetResult();
        var (inOrder, text) = await Sse.ReadToEndAsync(client);
        Assert.True(inOrder);
        Assert.Contains("event: message_stop", text);
    }

    [Theory]
    [InlineData("throttlingException", 429, "rate_limit_error")]
    [InlineData("validationException", 400, "invalid_request_error")]
    [InlineData("modelTimeoutException", 408, "timeout_error")]
    [InlineData("serviceUnavailableException", 503, "overloaded_error")]
    [InlineData("internalServerException", 500, "api_error")]
    [InlineData("modelStreamErrorException", 500, "api_error")]
    [InlineData("somethingNewException", 500, "api_error")]
    public async Task An_exception_before_the_first_event_is_an_error_by_status(string exception, int status, string type)
    {
        await using var upstream = Playing(call => SendAsync(call, AwsFrames.Exception(exception, "In its own words")));
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Bedrock);
        var response = await gateway.PostAsync(CloudScene.Body);

        Assert.Equal(status, response.Status);
        Assert.Equal("application/json", response["Content-Type"]);
        Assert.Equal($$$"""{"type":"error","error":{"type":"{{{type}}}","message":"In its own words"},"request_id":"amzn-7"}""", response.Text);
    }

    [Fact]
    public async Task An_exception_after_events_is_an_error_event()
    {
        await using var upstream = Playing(call => SendAsync(call, AwsFrames.Chunk(Start), AwsFrames.Exception("throttlingException", "Too many")));
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Bedrock);
        var response = await gateway.PostAsync(CloudScene.Body);

        Assert.Equal(200, response.Status);
        Assert.True(response.IsComplete);
        Assert.EndsWith("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Too many\"}}\n\n", response.Text);
    }

    [Theory]
    [InlineData(9, "prelude")]
    [InlineData(-1, "checksum of a frame is wrong")]
    public async Task A_wrong_checksum_ends_the_stream_with_an_error_event(int at, string words)
    {
        var bad = AwsFrames.Chunk(Delta);
        bad[at < 0 ? bad.Length + at : at] ^= 1;
        await using var upstream = Playing(call => SendAsync(call, AwsFrames.Chunk(Start), bad, AwsFrames.Chunk(Stop)));
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Bedrock);
        var response = await gateway.PostAsync(CloudScene.Body);

        Assert.True(response.IsComplete);
        Assert.StartsWith($"event: message_start\ndata: {Start}\n\nevent: error\n", response.Text);
        Assert.Contains(words, response.Text);
        Assert.DoesNotContain("Grüße", response.Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cut_frame_ends_the_stream_with_an_error_event(bool endsInOrder)
    {
        await using var upstream = Playing(async call =>
        {
            await call.SendAsync(AwsFrames.Head);
            await call.SendChunkAsync((byte[])[.. AwsFrames.Chunk(Start), .. AwsFrames.Chunk(Delta)[..40]]);
            if (endsInOrder)
            {
                await call.EndChunksAsync();
            }
            else
            {
                call.Close();
            }
        });
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Bedrock);
        var response = await gateway.PostAsync(CloudScene.Body);

        Assert.True(response.IsComplete);
        Assert.StartsWith($"event: message_start\ndata: {Start}\n\nevent: error\n", response.Text);
        Assert.Contains("\"api_error\"", response.Text);
    }

    [Fact]
    public async Task A_stream_without_message_stop_is_not_whole()
    {
        await using var upstream = Playing(call => SendAsync(call, AwsFrames.Chunk(Start)));
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Bedrock);
        var response = await gateway.PostAsync(CloudScene.Body);
        Assert.Contains("event: error\n", response.Text);
        Assert.Contains("before message_stop", response.Text);
    }

    [Fact]
    public async Task A_ping_is_made_into_silence()
    {
        var clock = new GatewayClock();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = Playing(async call =>
        {
            await call.SendAsync(AwsFrames.Head);
            await call.SendChunkAsync(AwsFrames.Chunk(Start));
            await gate.Task;
            await SendRestAsync(call, AwsFrames.Chunk(Stop));
        });
        await using var gateway = await CloudScene.StartAsync(upstream, Provider.Bedrock, time: clock);
        using var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync(RawClient.Post("/v1/messages", CloudScene.Body));
        Assert.Equal(200, (await client.ReadHeadAsync())?.Status);
        Assert.NotNull(await Sse.ReadUntilAsync(client, "msg_1"));
        var ping = Sse.ReadUntilAsync(client, "event: ping");
        Assert.NotNull(await clock.AdvanceUntilAsync(ping, gateway.Host.State.Current.Config.Timeouts.Ping));
        gate.SetResult();
        Assert.Contains("event: message_stop", (await Sse.ReadToEndAsync(client)).Text);
    }

    private static ScriptedUpstream Playing(Func<UpstreamCall, Task> script) => ScriptedUpstream.Start(script);

    private static async Task SendAsync(UpstreamCall call, params byte[][] frames)
    {
        await call.SendAsync(AwsFrames.Head);
        await SendRestAsync(call, frames);
    }

    private static async Task SendRestAsync(UpstreamCall call, params byte[][] frames)
    {
        foreach (var frame in frames)
        {
            await call.SendChunkAsync(frame);
        }

        await call.EndChunksAsync();
    }
}
