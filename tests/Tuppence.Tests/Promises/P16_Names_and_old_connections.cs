using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Promises;

/// <summary>P16: a name without an address fails soon and is looked up anew; a connection lives five minutes, so a change of DNS is followed.</summary>
public sealed class P16_Names_and_old_connections
{
    [Fact]
    public async Task A_name_without_an_address_is_a_502_within_2_s()
    {
        await using var gateway = await TestGateway.StartAsync(static config => config with { Upstream = "https://no-such-host.invalid" });
        var started = TimeProvider.System.GetTimestamp();

        var answer = await gateway.PostAsync("{}");

        Assert.Equal(502, answer.Status);
        Assert.Contains("“no-such-host.invalid” has no address", answer.Text, StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 2);
    }

    [Fact]
    public async Task A_connection_in_use_all_the_time_is_not_used_after_five_minutes()
    {
        var clock = new GatewayClock();
        await using var upstream = ScriptedUpstream.Answering("{}");
        await using var gateway = await TestGateway.StartAsync(upstream, time: clock);

        for (var seconds = 0; seconds <= 300; seconds += 50)
        {
            await gateway.PostAsync("{}");
            await gateway.UntilIdleAsync();
            Assert.Equal(1, upstream.Connections);
            clock.Advance(TimeSpan.FromSeconds(50));
        }

        await gateway.PostAsync("{}");
        Assert.Equal(2, upstream.Connections);
    }

    [Fact]
    public async Task A_connection_that_waits_is_closed_after_a_minute_or_two()
    {
        var clock = new GatewayClock();
        var closed = new TaskCompletionSource();
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            await call.AnswerAsync(200, "{}");
            await call.UntilClosedAsync();
            closed.SetResult();
        });
        await using var gateway = await TestGateway.StartAsync(upstream, time: clock);

        await gateway.PostAsync("{}");
        await gateway.UntilIdleAsync();
        clock.Advance(TimeSpan.FromMinutes(2));

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }
}
