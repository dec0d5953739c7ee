using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Functional;

/// <summary>Answers as odd servers and proxies give them: what HTTP allows passes, what has two readings is a 502.</summary>
public sealed class UnusualAnswersTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 200, "{}")]
    [InlineData("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200, "")]
    [InlineData("HTTP/1.1 299 Odd\r\nContent-Length: 2\r\n\r\n{}", 299, "{}")]
    [InlineData("HTTP/1.1 599 Odd\r\nContent-Length: 2\r\n\r\n{}", 599, "{}")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\n{}", 200, "{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}", 200, "{}")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", 204, "")]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n", 204, "")]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 50\r\nETag: \"x\"\r\n\r\n", 304, "")]
    [InlineData("HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n", 205, "")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, "{}")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: x-a\r\n\r\n2;q=1\r\n{}\r\n0\r\nx-a: 1\r\n\r\n", 200, "{}")]
    public async Task What_HTTP_allows_passes(string wire, int status, string body)
    {
        var answer = await AskAsync(wire);

        Assert.Equal((status, body, true), (answer.Status, answer.Text, answer.IsComplete));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n{}")]
    [InlineData("HTTP/2 200\r\n\r\n{}")]
    [InlineData("<html>Bad gateway</html>\r\n\r\n")]
    public async Task What_has_two_readings_or_none_is_a_502(string wire)
    {
        var answer = await AskAsync(wire);

        Assert.Equal(502, answer.Status);
        Assert.Contains("not valid HTTP", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_of_200_KB_is_read_and_one_without_end_is_not()
    {
        var line = "x-large: " + new string('w', 30_000) + "\r\n";
        Assert.Equal(200, (await AskAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + string.Concat(Enumerable.Repeat(line, 6)) + "\r\n")).Status);
        Assert.Equal(502, (await AskAsync("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat(line, 20)))).Status);
    }

    [Fact]
    public async Task An_answer_that_comes_before_the_upload_is_through_is_passed_on()
    {
        await using var early = EarlyUpstream.Start("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nrequest-id: r\r\n\r\n{}");
        await using var gateway = await TestGateway.StartAsync(config => config with { Upstream = early.Url });

        using var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync("POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: 900000\r\n\r\n" + new string('x', 10_000));
        var answer = await client.ReadAsync();

        Assert.Equal((413, "{}", "r"), (answer.Status, answer.Text, answer["request-id"]));
    }

    [Fact]
    public async Task HEAD_has_the_length_and_no_body()
    {
        await using var upstream = ScriptedUpstream.Start(static call => call.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"));
        await using var gateway = await TestGateway.StartAsync(upstream);

        var answer = await gateway.SendAsync("HEAD /v1/files/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.Equal((200, "50"), (answer.Status, answer["Content-Length"]));
    }

    private static async Task<RawResponse> AskAsync(string wire)
    {
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.SendAsync(wire);
            call.Close();
        });
        await using var gateway = await TestGateway.StartAsync(upstream);
        return await gateway.PostAsync("{}");
    }
}
