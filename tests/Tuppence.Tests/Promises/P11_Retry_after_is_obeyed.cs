using Tuppence.Configuration;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P11: the wait is the one that the upstream asks for, bounded; the last refusal is passed on as it came. The table of waits is <c>RetryPolicyTests</c>.</summary>
public sealed class P11_Retry_after_is_obeyed
{
    [Theory]
    [InlineData("retry-after: 3\r\n", 3000)]
    [InlineData("retry-after: 2.5\r\n", 2500)]
    [InlineData("retry-after: Sat, 01 Jan 2000 00:00:07 GMT\r\n", 7000)]
    [InlineData("retry-after: 9\r\nretry-after-ms: 1234\r\n", 1234)]
    // Half a second, less half of a quarter as jitter, in whole milliseconds.
    [InlineData("", 437)]
    public async Task The_second_attempt_comes_after_exactly_that_wait(string header, double milliseconds)
    {
        var clock = new GatewayClock();
        var wait = TimeSpan.FromMilliseconds(milliseconds);
        await using var upstream = ScriptedUpstream.Start(call => clock.GetUtcNow() < clock.Start + wait ? call.AnswerAsync(429, "{}", header) : call.AnswerAsync(200, "{}"));
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with { Retry = new RetryConfig() }, clock);

        var answering = gateway.PostAsync("{}");
        await clock.UntilArmedAsync(wait);
        clock.Advance(wait - TimeSpan.FromTicks(1));
        Assert.Single(upstream.Calls);
        clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(200, (await answering).Status);
        Assert.Equal((2, 1), (upstream.Calls.Count, gateway.Host.State.Counters.Retries));
    }

    [Theory, InlineData(429), InlineData(529)]
    public async Task The_last_refusal_is_passed_on_as_it_came(int status)
    {
        var clock = new GatewayClock();
        var headers = "retry-after: 1\r\nrequest-id: req_9\r\nanthropic-ratelimit-requests-remaining: 0\r\n";
        await using var upstream = ScriptedUpstream.Answering("""{"type":"error", "error":{"type":"x","message":"y"}}""", status, headers);
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with { Retry = new RetryConfig() }, clock);

        var answer = await clock.AdvanceThroughAsync(gateway.PostAsync("{}"), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        Assert.Equal(3, upstream.Calls.Count);
        Assert.Equal((status, """{"type":"error", "error":{"type":"x","message":"y"}}""", "1", "req_9", "0"), (answer.Status, answer.Text, answer["retry-after"], answer["request-id"], answer["anthropic-ratelimit-requests-remaining"]));
    }

    [Theory]
    [InlineData("retry-after: 21\r\n", "")]
    [InlineData("x-should-retry: false\r\n", "")]
    [InlineData("", "x-stainless-retry-count: 0\r\n")]
    public async Task No_second_attempt_where_the_wait_is_too_long_or_somebody_says_not_to(string fromUpstream, string fromClient)
    {
        await using var upstream = ScriptedUpstream.Answering("{}", 529, fromUpstream);
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with { Retry = new RetryConfig() }, new GatewayClock());

        Assert.Equal(529, (await gateway.PostAsync("{}", headers: fromClient)).Status);
        Assert.Single(upstream.Calls);
    }

    [Fact]
    public async Task The_waits_together_stay_within_the_total_time()
    {
        var clock = new GatewayClock();
        await using var upstream = ScriptedUpstream.Answering("{}", 429, "retry-after: 4\r\n");
        await using var gateway = await TestGateway.StartAsync(
            upstream, static config => config with { Retry = new RetryConfig { MaxRetries = 10, TotalTime = TimeSpan.FromSeconds(9) } }, clock);

        await clock.AdvanceThroughAsync(gateway.PostAsync("{}"), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4));

        Assert.Equal(3, upstream.Calls.Count);
    }

    [Fact]
    public async Task A_client_that_leaves_during_the_wait_ends_it()
    {
        var clock = new GatewayClock();
        await using var upstream = ScriptedUpstream.Answering("{}", 429, "retry-after: 6\r\n");
        await using var gateway = await TestGateway.StartAsync(upstream, static config => config with { Retry = new RetryConfig() }, clock);
        var client = await RawClient.ConnectAsync(gateway.Port);
        await client.SendAsync(RawClient.Post("/v1/messages", "{}"));
        await clock.UntilArmedAsync(TimeSpan.FromSeconds(6));

        client.Leave();
        await gateway.UntilIdleAsync();
        clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Single(upstream.Calls);
    }
}
