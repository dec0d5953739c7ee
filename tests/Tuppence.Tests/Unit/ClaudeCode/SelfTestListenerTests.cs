using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Tuppence.Upstreams.ClaudeCode.Program;

namespace Tuppence.Tests.Unit.ClaudeCode;

public sealed class SelfTestListenerTests
{
    [Fact]
    public async Task It_answers_a_message_with_the_stream_and_keeps_what_it_was_sent()
    {
        await using var listener = new SelfTestListener();
        var body = new string('x', 300_000);

        var (status, text) = await AskAsync(listener, HttpMethod.Post, "v1/messages?beta=true", body);

        Assert.Equal((HttpStatusCode.OK, SelfTestScript.Stream), (status, text));
        var request = Assert.Single(listener.Messages);
        Assert.Equal(("POST", "/v1/messages?beta=true", "test/1", body), (request.Method, request.Target, request.UserAgent, Encoding.UTF8.GetString(request.Body.Span)));
    }

    [Theory, InlineData("HEAD", "api/hello"), InlineData("POST", "v1/messages/count_tokens"), InlineData("GET", "v1/messages")]
    public async Task Whatever_else_is_asked_is_not_found_and_is_no_message(string method, string path)
    {
        await using var listener = new SelfTestListener();

        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(listener, HttpMethod.Parse(method), path, "")).Status);
        Assert.Empty(listener.Messages);
    }

    [Fact]
    public async Task It_listens_on_loopback_only_and_not_after_its_end()
    {
        var listener = new SelfTestListener();
        Assert.Equal("127.0.0.1", listener.Address.Host);

        await listener.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(listener, HttpMethod.Get, "", ""));
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(SelfTestListener listener, HttpMethod method, string path, string body)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(listener.Address, path)) { Content = body.Length > 0 ? new StringContent(body) : null };
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("test", "1"));
        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
