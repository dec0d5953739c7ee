using Tuppence.Configuration;
using Tuppence.Exchange;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional;

/// <summary>Which failures go on to another upstream, what the client sees of it, and how upstreams are passed over and come back.</summary>
public sealed class FallbackTests
{
    private static readonly TimeSpan Open = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(Play.Status408, true), InlineData(Play.Status429, true), InlineData(Play.Status500, true), InlineData(Play.Status503, true), InlineData(Play.Status529, true)]
    [InlineData(Play.RefusedFor, true), InlineData(Play.ErrorEvent, true)]
    [InlineData(Play.Answer, false), InlineData(Play.Status400, false), InlineData(Play.Status401, false), InlineData(Play.ResetBeforeHead, false), InlineData(Play.CloseBeforeHead, false)]
    [InlineData(Play.NoHttp, false), InlineData(Play.HalfHead, false), InlineData(Play.CutBody, false), InlineData(Play.ResetBody, false), InlineData(Play.BadChunk, false)]
    [InlineData(Play.CutStream, false), InlineData(Play.ResetStream, false), InlineData(Play.SilentBeforeHead, false), InlineData(Play.SilentStream, false)]
    public async Task A_request_goes_on_only_where_it_was_not_served(Play play, bool goesOn)
    {
        await using var first = ScriptedUpstream.Start(call => Plays.PlayAsync(call, play));
        await using var second = ScriptedUpstream.Answering("""{"from":"b"}""");
        await using var gateway = await StartAsync(first.Url, second.Url, config => config with
        {
            Timeouts = new TimeoutConfig { ResponseHeaders = TimeSpan.FromMilliseconds(300), Idle = TimeSpan.FromMilliseconds(300) },
        });

        var answer = await gateway.PostAsync(Sse.Body);

        Assert.Equal((1, goesOn ? 1 : 0), (first.Calls.Count, second.Calls.Count));
        Assert.Equal(goesOn ? "b" : null, answer["x-tuppence-upstream"]);
        Assert.Equal(goesOn, answer.Text == """{"from":"b"}""");
        Assert.Equal(goesOn ? 1 : 0, gateway.Host.State.Counters.Fallbacks);
    }

    [Fact]
    public async Task An_upstream_that_cannot_be_reached_is_followed_by_the_next()
    {
        using var closed = new ClosedPort();
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(closed.Url, second.Url);

        var answer = await gateway.PostAsync(Sse.Body);

        Assert.Equal((200, "b"), (answer.Status, answer["x-tuppence-upstream"]));
    }

    /// <summary>Counting costs nothing, so a lost answer may be asked for again elsewhere.</summary>
    [Theory, InlineData(Play.ResetBeforeHead), InlineData(Play.CloseBeforeHead), InlineData(Play.SilentBeforeHead), InlineData(Play.NoHttp)]
    public async Task A_lost_count_of_tokens_goes_on(Play play)
    {
        await using var first = ScriptedUpstream.Start(call => Plays.PlayAsync(call, play));
        await using var second = ScriptedUpstream.Answering("""{"input_tokens":3}""");
        await using var gateway = await StartAsync(first.Url, second.Url, config => config with { Timeouts = new TimeoutConfig { ResponseHeaders = TimeSpan.FromMilliseconds(300) } });

        Assert.Equal("""{"input_tokens":3}""", (await gateway.PostAsync(Sse.Body, "/v1/messages/count_tokens")).Text);
    }

    [Fact]
    public async Task The_answer_of_the_last_is_passed_on_unchanged()
    {
        await using var first = ScriptedUpstream.Answering("{}", 503);
        await using var second = ScriptedUpstream.Answering("""{ "its own words" : 1e400 }""", 529, "retry-after: 7\r\nrequest-id: req_b\r\n");
        await using var gateway = await StartAsync(first.Url, second.Url);

        var answer = await gateway.PostAsync(Sse.Body);

        Assert.Equal((529, """{ "its own words" : 1e400 }""", "7", "req_b", "b"), (answer.Status, answer.Text, answer["retry-after"], answer["request-id"], answer["x-tuppence-upstream"]));
    }

    [Fact]
    public async Task Each_upstream_has_its_own_retries_before_the_next()
    {
        await using var first = ScriptedUpstream.Answering("{}", 529);
        await using var second = ScriptedUpstream.Answering("{}", 529);
        await using var gateway = await StartAsync(first.Url, second.Url, config => config with { Retry = new RetryConfig { MaxRetries = 2, BaseDelay = TimeSpan.FromMilliseconds(1) } });

        Assert.Equal(529, (await gateway.PostAsync(Sse.Body)).Status);
        Assert.Equal((3, 3), (first.Calls.Count, second.Calls.Count));

        // Clients that retry by themselves get the next upstream at once.
        await gateway.PostAsync(Sse.Body, headers: "x-stainless-retry-count: 0\r\n");
        Assert.Equal((4, 4), (first.Calls.Count, second.Calls.Count));
    }

    [Fact]
    public async Task Each_upstream_gets_its_own_edits_of_the_original_body()
    {
        await using var first = ScriptedUpstream.Answering("{}", 529);
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(first.Url, second.Url, config => config with
        {
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal)
            {
                ["a"] = new() { Url = first.Url, ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["fast"] = "claude-of-a" }, DropBetas = ["for-b-*"] },
                ["b"] = new() { Url = second.Url, StripCacheTtl = true },
            },
        });
        const string Body = """{"model":"fast","max_tokens":9,"messages":[{"role":"user","content":[{"type":"text","text":"Hi","cache_control":{"type":"ephemeral","ttl":"1h"}}]}]}""";

        var answer = await gateway.PostAsync(Body, headers: "anthropic-beta: for-b-1\r\n");

        Assert.Equal(Body.Replace("fast", "claude-of-a", StringComparison.Ordinal), first.Calls.Single().Text);
        Assert.Null(first.Calls[0]["anthropic-beta"]);
        Assert.Equal(Body.Replace(",\"ttl\":\"1h\"", "", StringComparison.Ordinal), second.Calls.Single().Text);
        Assert.Equal("for-b-1", second.Calls[0]["anthropic-beta"]);
        Assert.StartsWith("cache-ttl", answer["x-tuppence-edits"], StringComparison.Ordinal);
        Assert.DoesNotContain("model-alias", answer["x-tuppence-edits"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fallback_without_a_credential_leaves_the_first_answer_standing()
    {
        await using var first = ScriptedUpstream.Answering("""{"of":"a"}""", 529);
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(first.Url, second.Url, config => config with
        {
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["a"] = new() { Url = first.Url }, ["b"] = new() { Url = second.Url, ApiKeyFile = "no-such-file" } },
        });

        var answer = await gateway.PostAsync(Sse.Body);

        Assert.Equal((529, """{"of":"a"}""", 0), (answer.Status, answer.Text, second.Connections));
        Assert.Contains("b cannot take the request over", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lives_at_one_upstream_does_not_go_to_another()
    {
        await using var first = ScriptedUpstream.Answering("{}", 529);
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(first.Url, second.Url);

        Assert.Equal(529, (await gateway.SendAsync(RawClient.Get("/v1/messages/batches/b1"))).Status);
        Assert.Equal(529, (await gateway.PostAsync("{}", "/v1/messages/batches")).Status);
        Assert.Empty(second.Calls);
    }

    [Fact]
    public async Task An_upstream_that_keeps_failing_is_passed_over_and_tried_again_later()
    {
        var clock = new GatewayClock();
        var status = 503;
        await using var first = ScriptedUpstream.Start(call => call.AnswerAsync(status, "{}"));
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(first.Url, second.Url, config => config with { Breaker = new BreakerConfig { Failures = 2, Open = Open }, Sticky = TimeSpan.Zero }, clock);

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("b", (await gateway.PostAsync(Sse.Body))["x-tuppence-upstream"]);
        }

        Assert.Equal(2, first.Calls.Count);
        Assert.Equal("""{"status":"ok","upstreams":{"a":"open","b":"ok"}}""", (await gateway.SendAsync(RawClient.Get("/health"))).Text);
        Assert.Contains("a open, b ok", (await gateway.SendAsync(RawClient.Get("/"))).Text, StringComparison.Ordinal);

        clock.Advance(Open);
        Assert.Equal("""{"status":"ok","upstreams":{"a":"half_open","b":"ok"}}""", (await gateway.SendAsync(RawClient.Get("/health"))).Text);
        status = 200;
        Assert.Null((await gateway.PostAsync(Sse.Body))["x-tuppence-upstream"]);
        Assert.Null((await gateway.PostAsync(Sse.Body))["x-tuppence-upstream"]);
        Assert.Equal(4, first.Calls.Count);
        Assert.Equal("""{"status":"ok","upstreams":{"a":"ok","b":"ok"}}""", (await gateway.SendAsync(RawClient.Get("/health"))).Text);
    }

    [Theory, InlineData(400), InlineData(401), InlineData(403), InlineData(404), InlineData(413), InlineData(429)]
    public async Task What_is_the_clients_fault_never_opens_a_breaker(int status)
    {
        await using var first = ScriptedUpstream.Answering("{}", status);
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(first.Url, second.Url, config => config with { Breaker = new BreakerConfig { Failures = 1 }, Sticky = TimeSpan.Zero });

        for (var i = 0; i < 3; i++)
        {
            await gateway.PostAsync(Sse.Body);
        }

        Assert.Equal(3, first.Calls.Count);
        Assert.Equal(BreakerState.Closed, gateway.Host.State.Current.Upstreams.Single(static upstream => upstream.Name == "a").Breaker.State);
    }

    [Theory, InlineData(true, 1), InlineData(false, 2)]
    public async Task Out_of_quota_is_passed_over_until_retry_after_where_the_quota_is_ours(bool isOurs, int asked)
    {
        var clock = new GatewayClock();
        await using var first = ScriptedUpstream.Answering("{}", 429, "retry-after: 90\r\n");
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(
            first.Url,
            second.Url,
            config => config with
            {
                Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["a"] = new() { Url = first.Url, ApiKey = new Secret("key-of-a") }, ["b"] = new() { Url = second.Url } },
                Sticky = TimeSpan.Zero,
            },
            clock);
        var headers = isOurs ? "" : "Authorization: Bearer own\r\n";

        Assert.Equal("b", (await gateway.PostAsync(Sse.Body, headers: headers))["x-tuppence-upstream"]);
        clock.Advance(TimeSpan.FromSeconds(89));
        Assert.Equal("b", (await gateway.PostAsync(Sse.Body, headers: headers))["x-tuppence-upstream"]);
        Assert.Equal(asked, first.Calls.Count);

        clock.Advance(TimeSpan.FromSeconds(1));
        await gateway.PostAsync(Sse.Body, headers: headers);
        Assert.Equal(asked + 1, first.Calls.Count);
    }

    [Fact]
    public async Task Where_all_are_passed_over_all_are_tried_and_one_alone_is_always()
    {
        await using var first = ScriptedUpstream.Answering("{}", 503);
        await using var second = ScriptedUpstream.Answering("{}", 503);
        await using var gateway = await StartAsync(first.Url, second.Url, config => config with { Breaker = new BreakerConfig { Failures = 1 } });

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(503, (await gateway.PostAsync(Sse.Body)).Status);
        }

        Assert.Equal((3, 3), (first.Calls.Count, second.Calls.Count));
        Assert.Equal(503, (await gateway.PostAsync(Sse.Body, headers: "x-tuppence-upstream: a\r\n")).Status);
        Assert.Equal((4, 3), (first.Calls.Count, second.Calls.Count));
    }

    [Fact]
    public async Task A_breaker_survives_a_reload()
    {
        await using var first = ScriptedUpstream.Answering("{}", 503);
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await StartAsync(first.Url, second.Url, config => config with { Breaker = new BreakerConfig { Failures = 1 } });
        await gateway.PostAsync(Sse.Body);

        gateway.Host.Reload(gateway.Host.State.Current.Config with { LogBodies = true });
        await gateway.PostAsync(Sse.Body);

        Assert.Single(first.Calls);
    }

    private static Task<TestGateway> StartAsync(string first, string second, Func<GatewayConfig, GatewayConfig>? change = null, TimeProvider? time = null) => TestGateway.StartAsync(
        config =>
        {
            config = config with
            {
                Upstream = "a",
                Fallback = ["b"],
                Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["a"] = new() { Url = first }, ["b"] = new() { Url = second } },
            };
            return change?.Invoke(config) ?? config;
        },
        time);
}
