using System.Text.Json.Nodes;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Thrift;

namespace Tuppence.Tests.Functional.Thrift;

/// <summary>A chat that grows by a turn at each request, large enough to be cached, and an upstream that bills it.</summary>
internal static class CacheScene
{
    public const string Model = "claude-sonnet-5-5";

    /// <summary>What every answer reports.</summary>
    public const string Usage =
        """{"input_tokens":21,"cache_creation_input_tokens":300,"cache_read_input_tokens":4000,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":7}""";

    /// <summary>The first event of a stream.</summary>
    public const string Start = "event: message_start\ndata: " + StartData + "\n\n";

    /// <summary>Its data.</summary>
    public const string StartData = """{"type":"message_start","message":{"id":"msg_1","usage":""" + Usage + "}}";

    private static readonly string Card = string.Concat(Enumerable.Range(0, 900).Select(static i => $"Rule {i}: the lighthouse keeper never sleeps. "));

    /// <summary>The request of turn <paramref name="turn"/>, from 1. Without <c>cache_control</c> unless <paramref name="marks"/> asks for one on the first message; its card is <paramref name="size"/> times 14,000 tokens.</summary>
    public static string Body(int turn, bool marks = false, bool stream = false, string model = Model, int size = 1)
    {
        var messages = new JsonArray();
        for (var i = 1; i <= turn; i++)
        {
            messages.Add(new JsonObject { ["role"] = "user", ["content"] = $"Question {i}: what is behind the door?" });
            if (i < turn)
            {
                messages.Add(new JsonObject { ["role"] = "assistant", ["content"] = $"Answer {i}: " + string.Concat(Enumerable.Repeat("stairs and a lamp. ", 40)) });
            }
        }

        if (marks)
        {
            // A place that nobody would choose.
            messages[0]!["content"] = new JsonArray(new JsonObject
            {
                ["type"] = "text",
                ["text"] = messages[0]!["content"]!.GetValue<string>(),
                ["cache_control"] = new JsonObject { ["type"] = "ephemeral" },
            });
        }

        var request = new JsonObject { ["model"] = model, ["max_tokens"] = 64 };
        if (stream)
        {
            request["stream"] = true;
        }

        request["system"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = string.Concat(Enumerable.Repeat(Card, size)) });
        request["messages"] = messages;
        return request.ToJsonString();
    }

    /// <summary>Answers as the Messages API does, with <see cref="Usage"/>; as a stream where one is asked for.</summary>
    public static ScriptedUpstream Upstream() => ScriptedUpstream.Start(static call => AnswerAsync(call));

    public static async Task AnswerAsync(UpstreamCall call)
    {
        if (!call.Text.Contains("\"stream\":true", StringComparison.Ordinal))
        {
            await call.AnswerAsync(200, $$"""{"id":"msg_1","type":"message","role":"assistant","content":[],"usage":{{Usage}}}""");
            return;
        }

        await call.BeginStreamAsync();
        await call.SendChunkAsync(Start);
        await call.SendChunkAsync(Sse.Delta("Hello"));
        await call.SendChunkAsync("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        await call.EndChunksAsync();
    }

    /// <summary>A gateway in front of <paramref name="upstream"/> with the shipped defaults for the cache, and then <paramref name="change"/>.</summary>
    public static Task<TestGateway> StartAsync(
        ScriptedUpstream upstream, Func<GatewayConfig, GatewayConfig>? change = null, TimeProvider? time = null, params (string Name, string Json)[] presets) =>
        TestGateway.StartAsync(upstream, config => (change ?? (static same => same))(config with { Cache = new CacheConfig() }), time, presets);

    /// <summary>Sends turns 1 to <paramref name="count"/> one after another and gives the last answer.</summary>
    public static async Task<RawResponse> ChatAsync(TestGateway gateway, int count = 4, string path = "/v1/messages", string headers = "", bool marks = false, string model = Model)
    {
        RawResponse? answer = null;
        for (var turn = 1; turn <= count; turn++)
        {
            answer = await gateway.PostAsync(Body(turn, marks, model: model), path, headers);
            Assert.Equal(200, answer.Status);
        }

        return answer!;
    }

    /// <summary>The level as configuration.</summary>
    public static GatewayConfig At(this GatewayConfig config, CacheLevel? level) => config with { Cache = config.Cache with { Level = level } };

    /// <summary>What the upstream got without any <c>cache_control</c>, to compare what must not change.</summary>
    public static string Unmarked(string body)
    {
        var node = JsonNode.Parse(body)!;
        Strip(node);
        return node.ToJsonString();
    }

    /// <summary>The request as the API reads it: contents as blocks, without breakpoints.</summary>
    private static void Strip(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                members.Remove("cache_control");
                if (members["content"] is JsonValue content)
                {
                    members["content"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = content.GetValue<string>() });
                }

                foreach (var (_, value) in members.ToList())
                {
                    Strip(value);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Strip(item);
                }

                break;
        }
    }

    public static int Breakpoints(string body) => body.Split("\"cache_control\"").Length - 1;
}
