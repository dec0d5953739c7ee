using System.Text.Json.Nodes;
using Tuppence.Configuration;
using Tuppence.State.Ledger;
using Tuppence.Tests.Functional.Thrift;
using Tuppence.Tests.Scenes;
using Tuppence.Tests.Unit.Thrift;
using Tuppence.Thrift;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional.Accounting;

/// <summary>What users of other gateways paid for because of the prompt cache. docs/complaints.md has the whole list.</summary>
public sealed class CacheComplaintTests
{
    private const string Hour = ",\"cache_control\":{\"type\":\"ephemeral\",\"ttl\":\"1h\"}";

    /// <summary>https://github.com/maximhq/bifrost/issues/1935, /3942, /6290: breakpoints on tools, images and tool results were lost, and caching with them.</summary>
    [Fact]
    public async Task Cache_control_reaches_the_upstream_wherever_the_client_put_it()
    {
        var body = """
            {"model":"claude-sonnet-4-5","max_tokens":64,"tools":[{"name":"look","description":"d","input_schema":{"type":"object"}HOUR}],"system":[{"type":"text","text":"s"HOUR}],
            "messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="},"cache_control":{"type":"ephemeral"}}]},
            {"role":"assistant","content":[{"type":"tool_use","id":"t","name":"look","input":{"cache_control":{"ttl":"1h"}}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"r"}],"cache_control":{"type":"ephemeral"}}]}]}
            """.Replace("HOUR", Hour, StringComparison.Ordinal);
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream);

        Assert.Equal(200, (await gateway.PostAsync(body)).Status);

        Assert.Equal(body, Assert.Single(upstream.Calls).Text);
    }

    /// <summary>
    /// https://github.com/BerriAI/litellm/issues/10226, /14317, /20485: a fifth breakpoint made each request a 400; /38718: so did a stray one at the top level.
    /// </summary>
    [Theory]
    [InlineData(CacheLevel.Markers)]
    [InlineData(CacheLevel.Split)]
    [InlineData(CacheLevel.RelocateWindow)]
    public async Task However_many_breakpoints_a_client_sets_none_is_added_to_them(CacheLevel level)
    {
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream, config => config with { Cache = new CacheConfig { Level = level, ClientBreakpoints = ClientBreakpoints.Replace } });
        for (var turn = 1; turn <= 8; turn++)
        {
            var body = JsonNode.Parse(CacheScene.Body(turn))!;
            foreach (var message in body["messages"]!.AsArray().Reverse().Take(turn % 5))
            {
                message!["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = message["content"]!.GetValue<string>(), ["cache_control"] = new JsonObject { ["type"] = "ephemeral" } });
            }

            Assert.Equal(200, (await gateway.PostAsync(body.ToJsonString())).Status);
            await gateway.UntilIdleAsync();
            var sent = JsonNode.Parse(upstream.Calls[^1].Text)!;
            Assert.InRange(CacheScene.Breakpoints(upstream.Calls[^1].Text), 0, 4);
            Assert.Null(sent["cache_control"]);
        }
    }

    /// <summary>https://github.com/anthropics/claude-code/issues/46829, /84253: writes that were meant for an hour were made for five minutes, and nobody could see it.</summary>
    [Fact]
    public async Task What_was_meant_for_an_hour_and_made_five_minutes_is_told_and_billed_as_that()
    {
        await using var upstream = ScriptedUpstream.Answering("""{"model":"claude-sonnet-4-5","usage":{"input_tokens":1,"cache_creation_input_tokens":2000,"cache_creation":{"ephemeral_5m_input_tokens":2000,"ephemeral_1h_input_tokens":0},"output_tokens":1}}""");
        await using var gateway = await TestGateway.StartAsync(upstream);
        var heard = HeardRequests.On(gateway);

        await gateway.PostAsync("""{"model":"claude-sonnet-4-5","max_tokens":1,"system":[{"type":"text","text":"s"HOUR}],"messages":[{"role":"user","content":"Hello"}]}""".Replace("HOUR", Hour, StringComparison.Ordinal));

        var row = await heard.NextAsync();
        Assert.Equal((2000, 0, 2000 * 3750), (row.Usage!.CacheWrite5m, row.Usage.CacheWrite1h, row.Cost!.CacheWrite));
    }

    /// <summary>https://github.com/BYK/loreai/pull/1155: with one breakpoint at the end, an edit in the middle had the whole prompt written anew.</summary>
    [Fact]
    public void After_an_edit_in_the_middle_what_stands_before_it_is_read()
    {
        var stage = new ThriftStage();
        string[] card = [ThriftBodies.Text("card", 4000)];
        var messages = Enumerable.Range(0, 61).Select(static i => ThriftBodies.Text($"m{i}", 150)).ToList();
        for (var turn = 1; turn <= 30; turn++)
        {
            stage.Send(ThriftBodies.Chat(card, messages.Take((turn * 2) - 1)), turn);
        }

        messages[40] = ThriftBodies.Text("edited", 150);
        var (_, outcome) = stage.Send(ThriftBodies.Chat(card, messages), 31);

        Assert.InRange(outcome.Bill.Read, outcome.Bill.Tokens / 2, outcome.Bill.Tokens - 1);
    }

    /// <summary>https://github.com/BerriAI/litellm/pull/36008: of Bedrock streams that the client left, only what it had taken was booked, and nothing said that there was more.</summary>
    [Fact]
    public async Task A_stream_of_Bedrock_that_was_left_is_booked_and_marked_as_partial()
    {
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.SendAsync(AwsFrames.Head);
            await call.SendChunkAsync(AwsFrames.Chunk(CacheScene.StartData));
            await call.UntilClosedAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with
        {
            Upstream = "cloud",
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal)
            {
                ["cloud"] = new() { Url = upstream.Url, Provider = Provider.Bedrock, Region = "us-east-1", ApiKey = new Secret("a-key-of-the-cloud"), Auth = AuthScheme.Bearer },
            },
        });
        var heard = HeardRequests.On(gateway);
        using (var client = await Sse.BeginAsync(gateway))
        {
            await Sse.ReadUntilAsync(client, "message_start");
            client.Leave();
        }

        var row = await heard.NextAsync();
        Assert.Equal((RequestOutcome.ClientLeft, true, "bedrock"), (row.Outcome, row.Usage!.IsPartial, row.Platform));
        Assert.Equal((21, 4000, 100, 200, 7), (row.Usage.Input, row.Usage.CacheRead, row.Usage.CacheWrite5m, row.Usage.CacheWrite1h, row.Usage.Output));
        Assert.True(row.Cost!.Total > 0);
    }
}
