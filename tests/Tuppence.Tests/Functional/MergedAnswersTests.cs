using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional;

/// <summary>The two answers that Tuppence puts together or changes: the list of models, and the address of a batch's results.</summary>
public sealed class MergedAnswersTests
{
    private const string ListOfA = """{"data":[{"type":"model","id":"claude-a" , "x":1e400},{"id":"claude-both","of":"a"}],"has_more":false}""";
    private const string ListOfB = """{"data":[{"id":"claude-both","of":"b"},{"id":"claude-b"}],"has_more":false}""";

    [Fact]
    public async Task With_one_upstream_the_list_of_models_is_relayed_byte_for_byte()
    {
        await using var upstream = ScriptedUpstream.Answering(ListOfA);
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with { ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["x"] = "claude-a" } });

        var answer = await gateway.SendAsync(RawClient.Get("/v1/models?limit=3"));

        Assert.Equal((ListOfA, null), (answer.Text, answer["x-tuppence-models"]));
        Assert.Equal("GET /v1/models?limit=3 HTTP/1.1", upstream.Calls.Single().RequestLine);
    }

    [Fact]
    public async Task With_several_all_models_that_a_request_would_find_are_listed_once()
    {
        await using var first = ScriptedUpstream.Answering(ListOfA);
        await using var second = ScriptedUpstream.Answering(ListOfB);
        await using var gateway = await StartAsync(first.Url, second.Url, config => config with { ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["gpt-4o"] = "claude-b" } });

        var answer = await gateway.SendAsync(RawClient.Get("/v1/models?limit=1000", "accept-encoding: gzip\r\nanthropic-version: 2023-06-01\r\n"));

        Assert.Equal((200, "a=2, b=2"), (answer.Status, answer["x-tuppence-models"]));
        Assert.Equal(
            """{"data":[{"type":"model","id":"claude-a" , "x":1e400},{"id":"claude-both","of":"a"},{"id":"claude-b"},{"id":"gpt-4o","display_name":"gpt-4o (claude-b)"}],"has_more":false,"first_id":"claude-a","last_id":"gpt-4o"}""",
            answer.Text);
        Assert.Equal(("key-of-a", "key-of-b"), (first.Calls.Single()["x-api-key"], second.Calls.Single()["x-api-key"]));
        Assert.Null(first.Calls[0]["accept-encoding"]);
        Assert.Equal("2023-06-01", second.Calls[0]["anthropic-version"]);
    }

    [Fact]
    public async Task What_the_rules_send_elsewhere_is_not_listed()
    {
        await using var first = ScriptedUpstream.Answering(ListOfA);
        await using var second = ScriptedUpstream.Answering(ListOfB);
        await using var gateway = await StartAsync(first.Url, second.Url, config => config with
        {
            Fallback = [],
            Routes = [new RouteConfig { Models = ["claude-b*"], Upstreams = ["b"] }],
        });

        var answer = await gateway.SendAsync(RawClient.Get("/v1/models"));
        var one = await gateway.SendAsync(RawClient.Get("/v1/models/claude-b?x=1"));

        Assert.Contains("""[{"id":"claude-both","of":"b"},{"id":"claude-b"},{"type":"model","id":"claude-a" , "x":1e400}]""", answer.Text, StringComparison.Ordinal);
        Assert.Equal(200, one.Status);
        Assert.Equal("GET /v1/models/claude-b?x=1 HTTP/1.1", second.Calls[^1].RequestLine);
    }

    [Theory]
    [InlineData(Play.Status500, "500"), InlineData(Play.Status401, "401"), InlineData(Play.ResetBeforeHead, "no-answer"), InlineData(Play.NoHttp, "no-answer")]
    [InlineData(Play.CutBody, "no-answer"), InlineData(Play.Answer, "no-list")]
    public async Task An_upstream_that_gives_no_list_is_left_out_and_told(Play play, string outcome)
    {
        await using var first = ScriptedUpstream.Start(call => Plays.PlayAsync(call, play));
        await using var second = ScriptedUpstream.Answering(ListOfB);
        await using var gateway = await StartAsync(first.Url, second.Url);

        var answer = await gateway.SendAsync(RawClient.Get("/v1/models"));

        Assert.Equal((200, $"a={outcome}, b=2"), (answer.Status, answer["x-tuppence-models"]));
        Assert.Contains("claude-b", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upstream_that_is_silent_is_not_waited_for_longer_than_a_client_waits()
    {
        var clock = new GatewayClock();
        await using var first = ScriptedUpstream.Start(static call => call.UntilClosedAsync());
        await using var second = ScriptedUpstream.Answering(ListOfB);
        await using var gateway = await StartAsync(first.Url, second.Url, time: clock);

        var answering = gateway.SendAsync(RawClient.Get("/v1/models"));
        await first.CallAsync();
        await Gate.UntilAsync(() => second.Calls.Count == 1);
        clock.Advance(TimeSpan.FromSeconds(2.5));

        Assert.StartsWith("a=timeout, b=", (await answering)["x-tuppence-models"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clients_own_credential_asks_its_own_upstream_alone()
    {
        using var closed = new ClosedPort();
        await using var first = ScriptedUpstream.Answering(ListOfA);
        await using var second = ScriptedUpstream.Answering(ListOfB);
        await using var gateway = await StartAsync(first.Url, second.Url, config => config with { Fallback = ["b", "c"], Upstreams = new Dictionary<string, UpstreamConfig>(config.Upstreams, StringComparer.Ordinal) { ["c"] = new() { Url = closed.Url } } });

        var answer = await gateway.SendAsync(RawClient.Get("/v1/models", "Authorization: Bearer own\r\n"));

        Assert.Equal("a=2, b=2, c=unreachable", answer["x-tuppence-models"]);
        Assert.Equal(("Bearer own", null), (first.Calls.Single()["authorization"], second.Calls.Single()["authorization"]));
        Assert.Equal("key-of-b", second.Calls[0]["x-api-key"]);
    }

    private const string Batch = """{ "id":"b1" ,"results_url":"https://api.anthropic.com/v1/messages/batches/b1/results", "n":1e400}""";

    [Theory]
    [InlineData("GET /v1/messages/batches/b1", null, true)]
    [InlineData("GET /v1/messages/batches/b1?beta=true", null, true)]
    [InlineData("GET /v1/messages/batches", null, true)]
    [InlineData("POST /v1/messages/batches/b1/cancel", null, true)]
    [InlineData("GET /v1/messages/batches/b1", "https://tuppence.example", true)]
    [InlineData("GET /v1/messages/batches/b1/results", null, false)]
    [InlineData("GET /v1/messages/batchesque", null, false)]
    [InlineData("GET /v1/files/b1", null, false)]
    public async Task The_results_of_a_batch_are_fetched_where_it_was_made(string request, string? publicUrl, bool changes)
    {
        await using var upstream = ScriptedUpstream.Answering(Batch);
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with { PublicUrl = publicUrl });
        var parts = request.Split(' ');

        var answer = await gateway.SendAsync(parts[0] == "GET" ? RawClient.Get(parts[1], "accept-encoding: gzip\r\n") : RawClient.Post(parts[1], "{}", "accept-encoding: gzip\r\n"));

        Assert.Equal(changes ? Batch.Replace("https://api.anthropic.com", publicUrl ?? "http://localhost", StringComparison.Ordinal) : Batch, answer.Text);
        Assert.True(answer.IsComplete);
        Assert.Equal(changes ? null : "gzip", upstream.Calls.Single()["accept-encoding"]);
    }

    [Fact]
    public async Task It_can_be_turned_off()
    {
        await using var upstream = ScriptedUpstream.Answering(Batch);
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with { RewriteResultsUrl = false });

        Assert.Equal(Batch, (await gateway.SendAsync(RawClient.Get("/v1/messages/batches/b1", "accept-encoding: gzip\r\n"))).Text);
        Assert.Equal("gzip", upstream.Calls.Single()["accept-encoding"]);
    }

    [Theory]
    [InlineData("Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"re\r\n3c\r\nsults_url\":\"https://x.example/v1/messages/batches/b/results\"\r\n1\r\n}\r\n0\r\n\r\n", "{\"results_url\":\"http://localhost/v1/messages/batches/b/results\"}", true)]
    [InlineData("Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nzzzz", "zzzz", true)]
    [InlineData("Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", "{}", true)]
    [InlineData("Content-Type: application/json\r\nContent-Length: 9\r\n\r\nnot json!", "not json!", true)]
    [InlineData("Content-Type: application/json\r\nContent-Length: 90\r\n\r\n{\"cut\":", "{\"cut\":", false)]
    public async Task Whatever_else_comes_is_passed_on(string answer, string expected, bool isWhole)
    {
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.SendAsync("HTTP/1.1 200 OK\r\n" + answer);
            call.Close();
        });
        await using var gateway = await TestGateway.StartAsync(upstream);

        var seen = await gateway.SendAsync(RawClient.Get("/v1/messages/batches/b1"));

        Assert.Equal((200, expected, isWhole), (seen.Status, seen.Text, seen.IsComplete));
    }

    [Fact]
    public async Task A_list_too_long_to_hold_is_passed_on_as_it_is()
    {
        var list = $$"""{"pad":"{{new string('x', Tuppence.Exchange.BatchAnswer.MostBytes)}}","results_url":"https://x.example/v1/messages/batches/b/results"}""";
        await using var upstream = ScriptedUpstream.Answering(list);
        await using var gateway = await TestGateway.StartAsync(upstream);

        Assert.Equal(list, (await gateway.SendAsync(RawClient.Get("/v1/messages/batches"))).Text);
    }

    private static Task<TestGateway> StartAsync(string first, string second, Func<GatewayConfig, GatewayConfig>? change = null, TimeProvider? time = null) => TestGateway.StartAsync(
        config =>
        {
            config = config with
            {
                Upstream = "a",
                Fallback = ["b"],
                Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal)
                {
                    ["a"] = new() { Url = first, ApiKey = new Secret("key-of-a") },
                    ["b"] = new() { Url = second, ApiKey = new Secret("key-of-b") },
                },
            };
            return change?.Invoke(config) ?? config;
        },
        time);
}
