using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tuppence.Dashboard.Requests;

namespace Tuppence.Tests.Unit.Dashboard;

/// <summary>Heads of requests are shown without what proves anything.</summary>
public sealed class ShownHeadTests
{
    [Theory]
    [InlineData("x-api-key", "sk-ant-api03-abc")]
    [InlineData("Authorization", "Bearer abc")]
    [InlineData("Proxy-Authorization", "Basic abc")]
    [InlineData("Cookie", "a=b")]
    [InlineData("Set-Cookie", "a=b")]
    [InlineData("api-key", "abc")]
    [InlineData("x-goog-api-key", "abc")]
    [InlineData("x-amz-security-token", "abc")]
    [InlineData("x-team-password", "abc")]
    [InlineData("x-anything", "sk-ant-api03-abc")]
    [InlineData("x-anything", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln")]
    [InlineData("x-anything", "Bearer abc")]
    [InlineData("x-anything", "AWS4-HMAC-SHA256 Credential=A, Signature=abc")]
    public void A_secret_is_masked(string name, string value) => Assert.Equal([(name, "***")], ShownHead.OfRequest(Context("/v1/messages", name, value)).Headers);

    [Theory]
    [InlineData("anthropic-beta", "context-1m-2025-08-07")]
    [InlineData("User-Agent", "claude-cli/2.0")]
    [InlineData("anthropic-ratelimit-input-tokens-remaining", "12")]
    public void What_proves_nothing_is_shown(string name, string value) => Assert.Equal([(name, value)], ShownHead.OfRequest(Context("/v1/messages", name, value)).Headers);

    [Fact]
    public void Of_a_query_only_known_values_are_shown() =>
        Assert.Equal("GET /v1/models?beta=true&key=***&limit=5&flag HTTP/1.1", ShownHead.OfRequest(Context("/v1/models?beta=true&key=abc&limit=5&flag", "a", "b")).Line);

    private static DefaultHttpContext Context(string target, string name, string value)
    {
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Protocol) = ("GET", "HTTP/1.1");
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        context.Request.Headers[name] = value;
        return context;
    }
}
