using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P4: a request that could be read in two ways is read in none: one answer at most, the connection closed, nothing smuggled upstream.</summary>
public sealed class P04_Every_request_has_one_reading
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Cases => [.. FramingCase.All.Keys];

    [Theory, MemberData(nameof(Cases))]
    public async Task Strictly(string name)
    {
        var expected = FramingCase.All[name];
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream);
        using var client = await RawClient.ConnectAsync(gateway.Port);

        await client.SendAsync(expected.Bytes);
        var answer = await client.ReadAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(expected.Status, answer.Status);
        if (expected.Closes)
        {
            Assert.Equal(0, (await client.ReadAsync().WaitAsync(Patience, TestContext.Current.CancellationToken)).Status);
        }
        else
        {
            await client.SendAsync(RawClient.Get("/health"));
            Assert.Contains("ok", (await client.ReadAsync().WaitAsync(Patience, TestContext.Current.CancellationToken)).Text, StringComparison.Ordinal);
        }

        Assert.Equal(expected.Calls, upstream.Calls.Count);
        Assert.All(upstream.Calls, static call =>
        {
            Assert.DoesNotContain("smuggled", call.Head, StringComparison.Ordinal);
            Assert.Null(call["X-Injected"]);
            Assert.True(call.IsBodyComplete);
        });
    }

    [Fact]
    public async Task Two_requests_in_one_packet_are_two_requests()
    {
        await using var upstream = ScriptedUpstream.Start(static call => call.AnswerAsync(200, $"\"{call.RequestLine}\""));
        await using var gateway = await TestGateway.StartAsync(upstream);
        using var client = await RawClient.ConnectAsync(gateway.Port);

        await client.SendAsync("GET /v1/one HTTP/1.1\r\nHost: localhost\r\n\r\nGET /v1/two HTTP/1.1\r\nHost: localhost\r\n\r\n");

        Assert.Equal("\"GET /v1/one HTTP/1.1\"", (await client.ReadAsync()).Text);
        Assert.Equal("\"GET /v1/two HTTP/1.1\"", (await client.ReadAsync()).Text);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\nzz\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "5\r\nhelloXX\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "5\nhello\n0\n\n")]
    [InlineData("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n")]
    public async Task A_body_that_streams_past_never_ends_whole_upstream_where_its_framing_is_wrong(string framing, string body)
    {
        var whole = 0;
        await using var upstream = ScriptedUpstream.Start(call => Task.FromResult(call.IsBodyComplete ? Interlocked.Increment(ref whole) : 0));
        await using var gateway = await TestGateway.StartAsync(upstream);
        using var client = await RawClient.ConnectAsync(gateway.Port);

        await client.SendAsync($"POST /v1/files HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n{framing}\r\n{body}");

        Assert.Equal(400, (await client.ReadAsync().WaitAsync(Patience, TestContext.Current.CancellationToken)).Status);
        Assert.Equal(0, (await client.ReadAsync().WaitAsync(Patience, TestContext.Current.CancellationToken)).Status);
        Assert.Equal(0, Volatile.Read(ref whole));
    }
}
