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
