using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional;

/// <summary>Traces and metrics as an OpenTelemetry receiver gets them over a real socket.</summary>
public sealed class OtlpTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string Secret = "0123456789abcdef-secret";
    private const string Body = """{"model":"claude-sonnet-4-5","max_tokens":64,"stream":true,"messages":[{"role":"user","content":"the cat is in the attic"}]}""";

    [Fact]
    public async Task A_request_is_two_spans_below_the_clients_under_the_names_of_the_conventions()
    {
        await using var receiver = new OtlpReceiver();
        await using var upstream = Streaming();
        await RunAsync(receiver, upstream, static gateway => gateway.PostAsync(Body, headers: $"x-api-key: {Secret}\r\ntraceparent: {Parent}\r\n"));

        var server = Assert.Single(receiver.Spans, static span => span.Kind == 2);
        var chat = Assert.Single(receiver.Spans, static span => span.Kind == 3);
        Assert.Equal(("POST /v1/messages", "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"), (server.Name, server.Trace, server.Parent));
        Assert.Equal(("chat claude-sonnet-4-5", server.Trace, server.Id), (chat.Name, chat.Trace, chat.Parent));
        Assert.Equal("200", server.Attributes["http.response.status_code"]);
        Assert.Equal("POST", server.Attributes["http.request.method"]);
        Assert.Equal("key 1", server.Attributes["tuppence.key"]);
        Assert.Equal("chat", chat.Attributes["gen_ai.operation.name"]);
        Assert.Equal("anthropic", chat.Attributes["gen_ai.provider.name"]);
        Assert.Equal("claude-sonnet-4-5", chat.Attributes["gen_ai.request.model"]);
        Assert.Equal("claude-sonnet-4-5-20250929", chat.Attributes["gen_ai.response.model"]);
        Assert.Equal("msg_01XYZ", chat.Attributes["gen_ai.response.id"]);
        Assert.Equal("true", chat.Attributes["gen_ai.request.stream"]);
        Assert.Equal("1300", chat.Attributes["gen_ai.usage.input_tokens"]);
        Assert.Equal("200", chat.Attributes["gen_ai.usage.cache_read.input_tokens"]);
        Assert.Equal("100", chat.Attributes["gen_ai.usage.cache_creation.input_tokens"]);
        Assert.Equal("100", chat.Attributes["gen_ai.usage.output_tokens"]);
        Assert.Equal("[end_turn]", chat.Attributes["gen_ai.response.finish_reasons"]);
        Assert.Equal("127.0.0.1", chat.Attributes["server.address"]);
        Assert.Equal("tuppence", receiver.Resource["service.name"]);
    }

    [Fact]
    public async Task Metrics_have_the_names_units_and_attributes_of_the_conventions()
    {
        await using var receiver = new OtlpReceiver();
        await using var upstream = Streaming();
        await RunAsync(receiver, upstream, static gateway => gateway.PostAsync(Body, headers: $"x-api-key: {Secret}\r\n"));

        var tokens = receiver.Points.Where(static point => point.Name == "gen_ai.client.token.usage").ToDictionary(static point => point.Attributes["gen_ai.token.type"], static point => (point.Unit, point.Count, point.Sum), StringComparer.Ordinal);
        Assert.Equal(("{token}", 1, 1300.0), tokens["input"]);
        Assert.Equal(("{token}", 1, 100.0), tokens["output"]);
        Assert.Equal(["gen_ai.client.operation.duration s", "gen_ai.server.time_to_first_token s", "tuppence.overhead s"], receiver.Points.Where(static point => point.Unit == "s").Select(static point => $"{point.Name} {point.Unit}").Order(StringComparer.Ordinal), StringComparer.Ordinal);
        var duration = receiver.Points.Single(static point => point.Name == "gen_ai.client.operation.duration");
        Assert.Equal(("anthropic", "claude-sonnet-4-5"), (duration.Attributes["gen_ai.provider.name"], duration.Attributes["gen_ai.request.model"]));
        Assert.DoesNotContain("error.type", duration.Attributes.Keys, StringComparer.Ordinal);
        Assert.InRange(receiver.Points.Single(static point => point.Name == "tuppence.cost").Sum, 0.004, 0.006);
    }

    [Fact]
    public async Task An_error_is_told_by_its_type()
    {
        await using var receiver = new OtlpReceiver();
        await using var upstream = ScriptedUpstream.Answering("""{"type":"error","error":{"type":"overloaded_error","message":"no"}}""", 529);
        await RunAsync(receiver, upstream, static gateway => gateway.PostAsync(Body, headers: $"x-api-key: {Secret}\r\n"));

        Assert.All(receiver.Spans, static span => Assert.Equal(2, span.Status));
        Assert.Equal(2, receiver.Spans.Count(static span => span.Attributes["error.type"] is "overloaded_error" or "529"));
        Assert.Contains(receiver.Points, static point => point.Name == "gen_ai.client.operation.duration" && point.Attributes.ContainsKey("error.type"));
    }

    [Fact]
    public async Task Neither_content_nor_a_secret_is_in_what_is_sent()
    {
        await using var receiver = new OtlpReceiver();
        await using var upstream = Streaming();
        GatewayConfig? config = null;
        await RunAsync(receiver, upstream, async gateway =>
        {
            config = gateway.Host.State.Current.Config;
            return await gateway.PostAsync(Body, "/v1/messages?beta=true", $"x-api-key: {Secret}\r\ncookie: sid=biscuit\r\n");
        });

        Assert.NotEmpty(receiver.Spans);
        Assert.DoesNotContain("attic", receiver.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("hearth", receiver.Everything, StringComparison.Ordinal);
        Assert.DoesNotContain("biscuit", receiver.Everything, StringComparison.Ordinal);
        LeakScan.Check(receiver.Everything, config!);
        Assert.All(receiver.Calls, static call => Assert.Equal("for the receiver", call["x-tenant"]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_upstream_is_told_of_the_trace_only_where_that_is_asked_for(bool propagate)
    {
        await using var receiver = new OtlpReceiver();
        await using var upstream = Streaming();
        await RunAsync(
            receiver,
            upstream,
            static async gateway =>
            {
                await gateway.PostAsync(Body, headers: $"x-api-key: {Secret}\r\ntraceparent: {Parent}\r\n");
                return await gateway.PostAsync(Body, headers: $"x-api-key: {Secret}\r\n");
            },
            propagate);

        var chats = receiver.Spans.Where(static span => span.Kind == 3).ToDictionary(static span => span.Id, StringComparer.Ordinal);
        Assert.Equal(2, chats.Count);
        if (propagate)
        {
            Assert.All(upstream.Calls, call => Assert.Equal($"00-{chats[call["traceparent"]!.Split('-')[2]].Trace}-{call["traceparent"]!.Split('-')[2]}-01", call["traceparent"]));
            Assert.Equal(2, upstream.Calls.Select(static call => call["traceparent"]).Distinct(StringComparer.Ordinal).Count());
        }
        else
        {
            Assert.Equal([Parent, null], upstream.Calls.Select(static call => call["traceparent"]), StringComparer.Ordinal);
        }
    }

    private static ScriptedUpstream Streaming() => ScriptedUpstream.Start(static async call =>
    {
        await call.BeginStreamAsync();
        await call.SendChunkAsync("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"msg_01XYZ\",\"model\":\"claude-sonnet-4-5-20250929\",\"usage\":{\"input_tokens\":1000,\"cache_read_input_tokens\":200,\"cache_creation_input_tokens\":100,\"output_tokens\":1}}}\n\n");
        await call.SendChunkAsync("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"by the hearth\"}}\n\n");
        await call.SendChunkAsync("event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":100}}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
        await call.EndChunksAsync();
    });

    /// <summary>Runs a gateway to its end, which sends what is left.</summary>
    private static async Task RunAsync(OtlpReceiver receiver, ScriptedUpstream upstream, Func<TestGateway, Task<RawResponse>> act, bool propagate = false)
    {
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with
        {
            GatewayKeys = [new Secret(Secret)],
            Telemetry = new TelemetryConfig
            {
                OtlpEndpoint = receiver.Url,
                OtlpHeaders = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["x-tenant"] = "for the receiver" },
                Propagate = propagate,
            },
        });
        var answer = await act(gateway);
        Assert.NotEqual(0, answer.Status);
    }
}
