using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Thrift;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional.Thrift;

/// <summary>What an answer reports reaches the planner, however it comes.</summary>
public sealed class UsageTests
{
    private const string Figures = "read 4000, written 100+200, uncached 21";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_message_and_of_a_stream(bool stream)
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream);

        var answer = await gateway.PostAsync(CacheScene.Body(1, stream: stream));
        await gateway.UntilIdleAsync();

        Assert.Contains(CacheScene.Usage, answer.Text, StringComparison.Ordinal);
        Assert.Contains(Figures, gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_frames_of_Bedrock()
    {
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.SendAsync(AwsFrames.Head);
            await call.SendChunkAsync(AwsFrames.Chunk(CacheScene.StartData));
            await call.SendChunkAsync(AwsFrames.Chunk("""{"type":"message_stop"}"""));
            await call.EndChunksAsync();
        });
        await using var gateway = await CacheScene.StartAsync(upstream, config => config with
        {
            Upstream = "cloud",
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal)
            {
                ["cloud"] = new() { Url = upstream.Url, Provider = Provider.Bedrock, Region = "us-east-1", ApiKey = new Secret("a-key-of-the-cloud"), Auth = AuthScheme.Bearer },
            },
        });

        var answer = await gateway.PostAsync(CacheScene.Body(1, stream: true));
        await gateway.UntilIdleAsync();

        Assert.Equal(200, answer.Status);
        Assert.Contains(Figures, gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("\"1h\"", upstream.Calls[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_stream_that_breaks_off()
    {
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            await call.SendChunkAsync(CacheScene.Start);
            call.Close();
        });
        await using var gateway = await CacheScene.StartAsync(upstream);

        await gateway.PostAsync(CacheScene.Body(1, stream: true));
        await gateway.UntilIdleAsync();

        Assert.Contains(Figures, gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_client_that_leaves_after_the_first_event()
    {
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.BeginStreamAsync();
            await call.SendChunkAsync(CacheScene.Start);
            await call.UntilClosedAsync();
        });
        await using var gateway = await CacheScene.StartAsync(upstream);
        using (var client = await RawClient.ConnectAsync(gateway.Port))
        {
            await client.SendAsync(RawClient.Post("/v1/messages", CacheScene.Body(1, stream: true)));
            Assert.Equal(200, (await client.ReadHeadAsync())?.Status);
            Assert.NotNull(await Sse.ReadUntilAsync(client, "message_start"));
            client.Leave();
        }

        await gateway.UntilIdleAsync();
        Assert.Contains(Figures, gateway.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(529)]
    public async Task An_error_costs_nothing(int status)
    {
        await using var upstream = ScriptedUpstream.Answering("""{"type":"error","error":{"type":"x","message":"y"}}""", status);
        await using var gateway = await CacheScene.StartAsync(upstream);

        Assert.Equal(status, (await gateway.PostAsync(CacheScene.Body(1))).Status);
        await gateway.UntilIdleAsync();

        Assert.DoesNotContain("Prompt cache, conversation", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_falls_back_is_planned_anew_for_the_other_upstream()
    {
        await using var first = ScriptedUpstream.Answering("{}", 529);
        await using var second = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(first, config => config with
        {
            Upstream = "one",
            Fallback = ["two"],
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal)
            {
                ["one"] = new() { Url = first.Url },
                ["two"] = new() { Url = second.Url, Cache = CacheLevel.Off },
            },
        });

        var answer = await gateway.PostAsync(CacheScene.Body(1));
        await gateway.UntilIdleAsync();

        Assert.Equal(200, answer.Status);
        Assert.Equal(CacheScene.Body(1), second.Calls.Single().Text);
        Assert.DoesNotContain("Prompt cache, conversation", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_line_of_the_log_holds_the_credential_or_its_trace()
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream);

        await CacheScene.ChatAsync(gateway, headers: "x-api-key: sk-ant-a-secret-of-the-client\r\n");
        await gateway.UntilIdleAsync();

        Assert.Equal("sk-ant-a-secret-of-the-client", upstream.Calls[0]["x-api-key"]);
        Assert.DoesNotContain("sk-ant-", gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain('~', gateway.Log);
    }
}
