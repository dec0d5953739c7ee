using System.Text.Json;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional;

/// <summary>Rules, conversations that stay, credentials that are fetched anew.</summary>
public sealed class RoutingTests
{
    private const string Key = "gate-0123456789abc";

    [Theory]
    // rules are asked in order; all conditions of one must hold
    [InlineData("claude-opus-4-8", null, "", "opus")]
    [InlineData("big", null, "", "opus")]
    [InlineData("claude-sonnet-5", null, "", "rest")]
    [InlineData("claude-sonnet-5", "plain", "", "plain")]
    [InlineData("claude-opus-4-8", "plain", "", "opus")]
    [InlineData("claude-haiku-4-5", "opus-preset", "", "opus")]
    [InlineData("claude-sonnet-5", null, "x-api-key: " + Key + "\r\n", "keyed")]
    [InlineData("claude-sonnet-5", null, "Authorization: Bearer " + Key + "\r\n", "keyed")]
    [InlineData("claude-sonnet-5", null, "x-tuppence-upstream: opus\r\n", "opus")]
    [InlineData("claude-opus-4-8", null, "X-Tuppence-Upstream: rest\r\n", "rest")]
    public async Task A_request_goes_where_the_first_rule_that_holds_says(string model, string? preset, string headers, string receiver)
    {
        const string Other = "gate-other-0123456";
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(
            config => config with
            {
                Upstream = "rest",
                GatewayKeys = [new Secret(Key), new Secret(Other)],
                Upstreams = new[] { "opus", "plain", "keyed", "rest" }.ToDictionary(static name => name, name => new UpstreamConfig { Url = $"{upstream.Url}/{name}" }, StringComparer.Ordinal),
                ModelAliases = new Dictionary<string, string>(StringComparer.Ordinal) { ["big"] = "claude-opus-5" },
                Routes =
                [
                    new RouteConfig { Models = ["claude-opus-*"], Upstreams = ["opus"] },
                    new RouteConfig { Presets = ["pl*"], Models = ["*sonnet*"], Upstreams = ["plain"] },
                    new RouteConfig { Keys = [new Secret(Key)], Upstreams = ["keyed"] },
                ],
            },
            null,
            ("plain", "{}"),
            ("opus-preset", """{"model":"big"}"""));

        var answer = await gateway.PostAsync($$"""{"model":"{{model}}","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""", preset is null ? "/v1/messages" : $"/v1/{preset}/messages", headers.Contains(Key, StringComparison.Ordinal) ? headers : $"{headers}x-api-key: {Other}\r\n");

        Assert.Equal(200, answer.Status);
        var call = upstream.Calls.Single();
        Assert.StartsWith($"POST /{receiver}/v1/messages", call.RequestLine, StringComparison.Ordinal);
        Assert.Null(call["x-tuppence-upstream"]);
        Assert.DoesNotContain("gate-", call.Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_none_is_told_with_those_that_are()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(
            config => config with { Upstream = "a", Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["a"] = new() { Url = upstream.Url } } },
            null,
            ("lost", """{"upstream":"nowhere"}"""));

        var named = await gateway.PostAsync(Sse.Body, headers: "x-tuppence-upstream: b\r\n");
        var preset = await gateway.PostAsync(Sse.Body, "/v1/lost/messages");

        Assert.Equal((400, 400), (named.Status, preset.Status));
        Assert.Contains("There is no upstream “b”. There are: a, anthropic, emulator.", named.Text, StringComparison.Ordinal);
        Assert.Contains("The preset “lost” names an upstream that does not exist: there is no upstream “nowhere”. There are: a, anthropic, emulator.", preset.Text, StringComparison.Ordinal);
        Assert.Contains("Preset lost names the upstream nowhere", gateway.Log, StringComparison.Ordinal);
        Assert.Empty(upstream.Calls);
    }

    [Fact]
    public async Task A_conversation_stays_with_the_upstream_that_answered_it_last()
    {
        var clock = new GatewayClock();
        var status = 529;
        await using var first = ScriptedUpstream.Start(call => call.AnswerAsync(status, "{}"));
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await WithFallbackAsync(first, second, time: clock);
        Assert.Equal("b", (await gateway.PostAsync(Turn("Hello")))["x-tuppence-upstream"]);

        status = 200;
        // The next turn of the same conversation, another conversation, and the first again after an hour of silence.
        Assert.Equal("b", (await gateway.PostAsync(Turn("Hello", "and more")))["x-tuppence-upstream"]);
        Assert.Null((await gateway.PostAsync(Turn("Good morning")))["x-tuppence-upstream"]);
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("b", (await gateway.PostAsync(Turn("Hello", "and more")))["x-tuppence-upstream"]);
        clock.Advance(TimeSpan.FromMinutes(60));
        Assert.Null((await gateway.PostAsync(Turn("Hello", "and more")))["x-tuppence-upstream"]);
    }

    [Fact]
    public async Task A_conversation_leaves_an_upstream_that_fails_and_stays_where_it_went()
    {
        var (statusOfA, statusOfB) = (529, 200);
        await using var first = ScriptedUpstream.Start(call => call.AnswerAsync(statusOfA, "{}"));
        await using var second = ScriptedUpstream.Start(call => call.AnswerAsync(statusOfB, "{}"));
        await using var gateway = await WithFallbackAsync(first, second);
        await gateway.PostAsync(Turn("Hello"));

        (statusOfA, statusOfB) = (200, 503);
        Assert.Null((await gateway.PostAsync(Turn("Hello")))["x-tuppence-upstream"]);
        statusOfB = 200;
        Assert.Null((await gateway.PostAsync(Turn("Hello")))["x-tuppence-upstream"]);
        Assert.Equal((3, 2), (first.Calls.Count, second.Calls.Count));
    }

    [Fact]
    public async Task Who_brings_a_credential_goes_to_its_upstream_in_every_turn()
    {
        var status = 529;
        await using var first = ScriptedUpstream.Start(call => call.AnswerAsync(status, "{}"));
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await WithFallbackAsync(first, second);
        await gateway.PostAsync(Turn("Hello"), headers: "Authorization: Bearer own\r\n");

        status = 200;
        Assert.Null((await gateway.PostAsync(Turn("Hello"), headers: "Authorization: Bearer own\r\n"))["x-tuppence-upstream"]);
        Assert.Null(second.Calls.Single()["authorization"]);
    }

    [Fact]
    public async Task Where_there_is_one_upstream_no_conversation_is_kept()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);

        await gateway.PostAsync(Turn("Hello"));

        Assert.Equal(0, gateway.Host.State.Affinity.Count);
    }

    [Theory, InlineData(""), InlineData("x-stainless-retry-count: 0\r\n")]
    public async Task A_credential_that_is_refused_is_fetched_anew_and_the_request_sent_once_more(string headers)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "old-key", TestContext.Current.CancellationToken);
            await using var upstream = ScriptedUpstream.Start(async call =>
            {
                if (call["x-api-key"] == "old-key")
                {
                    await File.WriteAllTextAsync(file, "new-key");
                }

                await call.AnswerAsync(call["x-api-key"] == "old-key" ? 401 : 200, """{"key":"seen"}""");
            });
            await using var gateway = await TestGateway.StartAsync(config => config with
            {
                Upstream = "a",
                Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["a"] = new() { Url = upstream.Url, ApiKeyFile = file } },
            });

            var answer = await gateway.PostAsync(Sse.Body, headers: headers);

            Assert.Equal((200, 0), (answer.Status, gateway.Host.State.Counters.Retries));
            Assert.Equal(["old-key", "new-key"], upstream.Calls.Select(static call => call["x-api-key"] ?? ""), StringComparer.Ordinal);
            Assert.Equal(upstream.Calls[0].Text, upstream.Calls[1].Text);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory, InlineData(true, ""), InlineData(false, "Authorization: Bearer own\r\n")]
    public async Task A_credential_that_stays_the_same_and_a_clients_own_are_refused_once(bool configured, string headers)
    {
        await using var upstream = ScriptedUpstream.Answering("""{"its":"words"}""", 401);
        await using var gateway = await TestGateway.StartAsync(config => config with
        {
            Upstream = "a",
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["a"] = new() { Url = upstream.Url, ApiKey = configured ? new Secret("key-of-a") : null } },
        });

        var answer = await gateway.PostAsync(Sse.Body, headers: headers);

        Assert.Equal((401, """{"its":"words"}"""), (answer.Status, answer.Text));
        Assert.Single(upstream.Calls);
    }

    [Fact]
    public async Task A_credential_that_is_gone_is_told_in_its_own_words()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "old-key", TestContext.Current.CancellationToken);
        await using var upstream = ScriptedUpstream.Start(call =>
        {
            File.Delete(file);
            return call.AnswerAsync(401, """{"its":"words"}""");
        });
        await using var gateway = await TestGateway.StartAsync(config => config with
        {
            Upstream = "a",
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["a"] = new() { Url = upstream.Url, ApiKeyFile = file } },
        });

        var answer = await gateway.PostAsync(Sse.Body);

        Assert.Equal(401, answer.Status);
        using var json = JsonDocument.Parse(answer.Body);
        Assert.Equal("authentication_error", json.RootElement.GetProperty("error").GetProperty("type").GetString());
        Assert.Contains("does not exist", answer.Text, StringComparison.Ordinal);
    }

    private static string Turn(string first, string? more = null) =>
        $$"""{"model":"m","max_tokens":9,"system":"S","messages":[{"role":"user","content":"{{first}}"}{{(more is null ? "" : $$""",{"role":"assistant","content":"Hi"},{"role":"user","content":"{{more}}"}""")}}]}""";

    private static Task<TestGateway> WithFallbackAsync(ScriptedUpstream first, ScriptedUpstream second, TimeProvider? time = null) => TestGateway.StartAsync(
        config => config with
        {
            Upstream = "a",
            Fallback = ["b"],
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["a"] = new() { Url = first.Url }, ["b"] = new() { Url = second.Url } },
        },
        time);
}
