using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Promises;

/// <summary>P9: a credential goes to exactly the origin it is for, and redirects are not followed. The rules of base URLs are tested where they are: <c>RuleTests</c>.</summary>
public sealed class P09_Credentials_stay_with_their_origin
{
    [Theory, InlineData(301), InlineData(302), InlineData(303), InlineData(307), InlineData(308)]
    public async Task A_redirect_is_shown_to_the_client_and_not_followed(int status)
    {
        await using var elsewhere = ScriptedUpstream.Answering("{}");
        await using var upstream = ScriptedUpstream.Answering("{}", status, $"Location: {elsewhere.Url}/v1/messages\r\n");
        await using var gateway = await TestGateway.StartAsync(upstream, config => config with { Retry = new RetryConfig() });

        var answer = await gateway.PostAsync("{}", headers: "x-api-key: sk-ant-own\r\n");

        Assert.Equal(status, answer.Status);
        Assert.Equal((0, 1), (elsewhere.Connections, upstream.Calls.Count));
    }

    /// <summary>The order of issue A: the request's own, else the configured one, else the emulator. A: Anthropic's API, B: a named upstream.</summary>
    [Theory]
    // named, key of A, key of B, what the client sends, who gets it, x-api-key there, authorization there
    [InlineData(false, false, "", "emulator", null, null)]
    [InlineData(false, false, "x-api-key: anything\r\n", "emulator", null, null)]
    [InlineData(false, false, "x-api-key: sk-ant-own\r\n", "A", "sk-ant-own", null)]
    [InlineData(false, false, "Authorization: Bearer sk-ant-own\r\n", "A", null, "Bearer sk-ant-own")]
    [InlineData(false, true, "", "A", "sk-ant-configured", null)]
    [InlineData(false, true, "x-api-key: anything\r\n", "A", "sk-ant-configured", null)]
    [InlineData(false, true, "Authorization: Bearer anything\r\n", "A", "sk-ant-configured", null)]
    [InlineData(false, true, "x-api-key: sk-ant-own\r\n", "A", "sk-ant-own", null)]
    [InlineData(false, true, "Authorization: Bearer sk-ant-own\r\n", "A", null, "Bearer sk-ant-own")]
    [InlineData(true, false, "", "B", null, null)]
    [InlineData(true, false, "x-api-key: anything\r\n", "B", "anything", null)]
    [InlineData(true, false, "x-api-key: sk-ant-own\r\n", "B", "sk-ant-own", null)]
    [InlineData(true, false, "Authorization: Bearer own\r\n", "B", null, "Bearer own")]
    [InlineData(true, true, "", "B", "key-of-b", null)]
    [InlineData(true, true, "x-api-key: anything\r\n", "B", "key-of-b", null)]
    [InlineData(true, true, "x-api-key: sk-ant-own\r\n", "B", "sk-ant-own", null)]
    [InlineData(true, true, "Authorization: Bearer own\r\n", "B", null, "Bearer own")]
    public async Task The_order_of_credentials(bool named, bool configured, string sent, string receiver, string? key, string? authorization)
    {
        await using var anthropic = ScriptedUpstream.Answering("{}");
        await using var other = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(config => config with
        {
            Upstream = named ? "b" : null,
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal)
            {
                ["anthropic"] = new() { Url = anthropic.Url, ApiKey = configured ? new Secret("sk-ant-configured") : null },
                ["b"] = new() { Url = other.Url, ApiKey = configured ? new Secret("key-of-b") : null },
            },
        });

        var answer = await gateway.PostAsync("""{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""", headers: sent);

        Assert.Equal(200, answer.Status);
        Assert.Equal(receiver == "emulator" ? "emulator" : null, answer["x-tuppence-upstream"]);
        Assert.Equal((receiver == "A" ? 1 : 0, receiver == "B" ? 1 : 0), (anthropic.Calls.Count, other.Calls.Count));
        if ((receiver == "A" ? anthropic : other).Calls.SingleOrDefault() is { } call)
        {
            Assert.Equal((key, authorization), (call["x-api-key"], call["authorization"]));
        }
    }

    /// <summary>
    /// The order of issue B, every combination: where a request goes (its own header, the first rule that holds, its preset, the default),
    /// and which credential it carries there (its own, else that upstream's). Five upstreams listen, and those not chosen see nothing.
    /// </summary>
    [Fact]
    public async Task The_order_of_upstreams_and_credentials()
    {
        var listeners = Names.ToDictionary(static name => name, static _ => ScriptedUpstream.Answering("{}"), StringComparer.Ordinal);
        await using var gateway = await TestGateway.StartAsync(null, null, ("plain", "{}"), ("directed", """{"upstream":"of-preset"}"""));
        var before = gateway.Host.State.Current.Config;
        var combinations = 0;
        foreach (var (rule, named, configured) in from rule in new[] { "", "holds", "does not" } from named in new[] { false, true } from configured in new[] { false, true } select (rule, named, configured))
        {
            gateway.Host.Reload(before with
            {
                Upstream = named ? "default" : null,
                Upstreams = Names.ToDictionary(static name => name, name => new UpstreamConfig { Url = listeners[name].Url, ApiKey = configured ? new Secret("sk-ant-of-" + name) : null }, StringComparer.Ordinal),
                Routes = rule.Length == 0 ? [] : [new RouteConfig { Models = [rule == "holds" ? "claude-sonnet-*" : "claude-opus-*"], Upstreams = ["of-rule"] }],
            });
            foreach (var (header, preset, sent) in from header in new[] { "", "of-header", "nobody" } from preset in new[] { "", "plain", "directed" } from sent in Sent select (header, preset, sent))
            {
                var seen = listeners.ToDictionary(static pair => pair.Key, static pair => pair.Value.Calls.Count, StringComparer.Ordinal);

                var answer = await gateway.PostAsync(
                    """{"model":"claude-sonnet-4-5","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""",
                    preset.Length == 0 ? "/v1/messages" : $"/v1/{preset}/messages",
                    sent + (header.Length == 0 ? "" : $"x-tuppence-upstream: {header}\r\n"));

                var at = $"rule {rule}, named {named}, configured {configured}, header {header}, preset {preset}, sent {sent}";
                var receiver = header.Length > 0 ? header
                    : rule == "holds" ? "of-rule"
                    : preset == "directed" ? "of-preset"
                    : named ? "default"
                    : sent.Contains("sk-ant-", StringComparison.Ordinal) || configured ? "anthropic"
                    : "emulator";
                Assert.True(answer.Status == (receiver == "nobody" ? 400 : 200), at);
                foreach (var (name, listener) in listeners)
                {
                    Assert.True(listener.Calls.Count - seen[name] == (name == receiver ? 1 : 0), $"{at}: {name}");
                }

                if (listeners.TryGetValue(receiver, out var chosen))
                {
                    Assert.True(Credentials(chosen.Calls[^1]) == Expected(sent, receiver, configured), $"{at}: {Credentials(chosen.Calls[^1])}");
                }

                combinations++;
            }
        }

        Assert.Equal(3 * 2 * 2 * 3 * 3 * Sent.Length, combinations);
        foreach (var listener in listeners.Values)
        {
            await listener.DisposeAsync();
        }
    }

    private static readonly string[] Names = ["anthropic", "default", "of-header", "of-rule", "of-preset"];

    private static readonly string[] Sent =
        ["", "x-api-key: anything\r\n", "x-api-key: sk-ant-own\r\n", "Authorization: Bearer own\r\n", "Authorization: Bearer sk-ant-own\r\n"];

    private static string Credentials(UpstreamCall call) => $"{call["x-api-key"]}|{call["authorization"]}";

    private static string Expected(string sent, string receiver, bool configured)
    {
        var isAnthropics = sent.Contains("sk-ant-", StringComparison.Ordinal);
        var isBearer = sent.Contains("Bearer", StringComparison.Ordinal);
        var usesOwn = sent.Length > 0 && (!configured || isAnthropics || (isBearer && receiver != "anthropic"));
        return !usesOwn ? configured ? $"sk-ant-of-{receiver}|" : "|"
            : isBearer ? "|" + sent["Authorization: ".Length..].Trim()
            : sent["x-api-key: ".Length..].Trim() + "|";
    }

    /// <summary>A request's own credential belongs to the upstream that the request is meant for; whoever steps in uses its own, or none.</summary>
    [Theory]
    [InlineData("x-api-key: sk-ant-own\r\n", "sk-ant-own|", true, "key-of-b|")]
    [InlineData("Authorization: Bearer own\r\n", "|Bearer own", true, "key-of-b|")]
    [InlineData("Authorization: Bearer own\r\n", "|Bearer own", false, "|")]
    [InlineData("x-api-key: own\r\nAuthorization: Bearer own\r\napi-key: own\r\nx-goog-api-key: own\r\nx-amz-security-token: own\r\n", "own|Bearer own", false, "|")]
    public async Task A_clients_own_credential_does_not_go_to_a_fallback(string sent, string atFirst, bool configured, string atSecond)
    {
        await using var first = ScriptedUpstream.Answering("{}", 529);
        await using var second = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(config => config with
        {
            Upstream = "a",
            Fallback = ["b"],
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal)
            {
                ["a"] = new() { Url = first.Url, ApiKey = configured ? new Secret("key-of-a") : null, Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["x-of-a"] = "1" } },
                ["b"] = new() { Url = second.Url, ApiKey = configured ? new Secret("key-of-b") : null },
            },
        });

        var answer = await gateway.PostAsync("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}""", headers: sent);

        Assert.Equal((200, "b"), (answer.Status, answer["x-tuppence-upstream"]));
        Assert.Equal((atFirst, atSecond), (Credentials(first.Calls.Single()), Credentials(second.Calls.Single())));
        Assert.DoesNotContain("own", second.Calls[0].Head, StringComparison.Ordinal);
        Assert.DoesNotContain("of-a", second.Calls[0].Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_upstreams_neither_sees_the_others_key_on_the_way_from_one_to_the_other()
    {
        await using var elsewhere = ScriptedUpstream.Answering("{}");
        await using var first = ScriptedUpstream.Answering("{}", 503);
        await using var second = ScriptedUpstream.Answering("{}", 307, $"Location: {elsewhere.Url}/v1/messages\r\n");
        await using var gateway = await TestGateway.StartAsync(config => config with
        {
            Upstream = "a",
            Fallback = ["b"],
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal)
            {
                ["a"] = new() { Url = first.Url, ApiKey = new Secret("key-of-a-that-is-much-longer-than-the-other") },
                ["b"] = new() { Url = second.Url, ApiKey = new Secret("key-of-b"), Auth = AuthScheme.Bearer },
            },
        });

        var answer = await gateway.PostAsync("{}");

        Assert.Equal((307, 0), (answer.Status, elsewhere.Connections));
        Assert.Equal(("key-of-a-that-is-much-longer-than-the-other|", "|Bearer key-of-b"), (Credentials(first.Calls.Single()), Credentials(second.Calls.Single())));
    }

    [Fact]
    public async Task A_configured_key_goes_where_its_upstream_is_and_nowhere_else_after_a_reload_too()
    {
        await using var first = ScriptedUpstream.Answering("{}");
        await using var second = ScriptedUpstream.Answering("{}");
        var upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal)
        {
            ["one"] = new() { Url = first.Url, ApiKey = new Secret("key-one") },
            ["two"] = new() { Url = second.Url, ApiKey = new Secret("key-two"), Auth = AuthScheme.Bearer },
        };
        await using var gateway = await TestGateway.StartAsync(config => config with { Upstream = "one", Upstreams = upstreams });
        await gateway.PostAsync("{}");

        gateway.Host.Reload(gateway.Host.State.Current.Config with { Upstream = "two" });
        await gateway.PostAsync("{}");

        Assert.Contains("x-api-key: key-one\r\n", first.Calls.Single().Head, StringComparison.Ordinal);
        Assert.DoesNotContain("key-two", first.Calls.Single().Head, StringComparison.Ordinal);
        Assert.Equal("Bearer key-two", second.Calls.Single()["authorization"]);
        Assert.DoesNotContain("key-one", second.Calls.Single().Head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_with_dot_segments_cannot_leave_the_prefix_of_the_base_URL()
    {
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(config => config with { Upstream = upstream.Url + "/tenant" });

        Assert.Equal(400, (await gateway.SendAsync(RawClient.Get("/v1/..%2f../v1/models/%2E%2e/x"))).Status);
        Assert.Equal(200, (await gateway.SendAsync(RawClient.Get("/v1/models"))).Status);
        Assert.Equal("GET /tenant/v1/models HTTP/1.1", upstream.Calls.Single().RequestLine);
    }
}
