using System.Collections.Concurrent;
using Tuppence.Configuration;
using Tuppence.State.Ledger;
using Tuppence.Tests.Scenes;
using Tuppence.Thrift.SingleFlight;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional.Thrift;

/// <summary>Pings and single flight: off unless they are asked for.</summary>
public sealed class OptInTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(280);

    // 30,000 tokens read: worth a ping.
    private const string Large = """{"input_tokens":20,"cache_creation_input_tokens":0,"cache_read_input_tokens":30000,"output_tokens":1}""";

    [Fact]
    public async Task A_ping_repeats_the_request_with_the_configured_key_and_asks_for_no_output()
    {
        var clock = new GatewayClock();
        await using var upstream = ScriptedUpstream.Answering($$"""{"id":"m","content":[],"usage":{{Large}}}""");
        await using var gateway = await StartAsync(upstream, clock, budget: 1_000_000_000, own: true);
        await ChatAsync(gateway, clock);
        var sent = upstream.Calls.Count;
        var heard = HeardRequests.On(gateway);

        clock.Advance(Interval);
        var ping = await upstream.CallAsync(sent);
        await Gate.UntilAsync(() => gateway.Log.Contains("Pinged to keep", StringComparison.Ordinal));

        Assert.Contains("\"max_tokens\":0", ping.Text, StringComparison.Ordinal);
        Assert.Equal("a-key-of-the-gateway", ping["x-api-key"]);
        Assert.Equal("2023-06-01", ping["anthropic-version"]);
        Assert.Contains("\"cache_control\"", ping.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("a-key-of-the-gateway", gateway.Log, StringComparison.Ordinal);

        var account = Assert.Single(gateway.Host.State.Cache.Accounts!.Recent(9));
        Assert.Equal(1, account.Pings);
        Assert.Equal((30_000 * 200) + (20 * 2_000), account.PingCost);
        Assert.Equal(account.Recent.Sum(static turn => turn.Cost) + account.PingCost, account.Spent);

        var row = await heard.NextAsync();
        Assert.Equal((RequestKind.KeepAlive, RequestOutcome.Completed, 200), (row.Kind, row.Outcome, row.Status));
        // Both price by the day, which is before the price of reads was halved (2026-10-07).
        Assert.Equal((30_000 * 200) + (20 * 2_000), row.Cost!.Input + row.Cost.CacheRead + row.Cost.CacheWrite);
        Assert.NotNull(row.Conversation);
    }

    [Theory]
    // no budget; a client's own key; a budget that one ping could go beyond
    [InlineData(0, true)]
    [InlineData(1_000_000_000, false)]
    [InlineData(1_000_000, true)]
    public async Task No_ping_without_a_budget_or_with_a_clients_key(long budget, bool own)
    {
        var clock = new GatewayClock();
        await using var upstream = ScriptedUpstream.Answering($$"""{"id":"m","content":[],"usage":{{Large}}}""");
        await using var gateway = await StartAsync(upstream, clock, budget, own);
        await ChatAsync(gateway, clock, own ? "" : "x-api-key: sk-ant-a-secret-of-the-client\r\n");
        var sent = upstream.Calls.Count;

        clock.Advance(Interval);
        clock.Advance(Interval);
        await gateway.PostAsync(CacheScene.Body(1), headers: "x-tuppence-cache: off\r\n" + (own ? "" : "x-api-key: sk-ant-a-secret-of-the-client\r\n"));

        Assert.Equal(sent + 1, upstream.Calls.Count);
        Assert.DoesNotContain("Pinged", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_ping_that_could_bring_the_total_beyond_its_hard_limit()
    {
        var clock = new GatewayClock();
        await using var upstream = ScriptedUpstream.Answering($$"""{"id":"m","content":[],"usage":{{Large}}}""");
        await using var gateway = await StartAsync(upstream, clock, budget: 1_000_000_000, own: true);
        await ChatAsync(gateway, clock);
        var sent = upstream.Calls.Count;
        var spent = (await gateway.Host.State.Ledger.SumAsync(new LedgerQuery(), LedgerGrouping.Total, TestContext.Current.CancellationToken))[0].Cost;
        gateway.Host.Reload(gateway.Host.State.Current.Config with { Budgets = new BudgetConfig { Total = new SpendingLimits { HardPerDay = spent + 1 } } });

        clock.Advance(Interval);
        clock.Advance(Interval);

        Assert.Equal(1_000_000_000, gateway.Host.State.Current.Config.Cache.KeepAlivePerDay);
        Assert.Equal((sent, 0), (upstream.Calls.Count, gateway.Host.State.Cache.KeepAlive.Figures.Sent));
    }

    [Fact]
    public async Task Stopping_ends_the_pings()
    {
        var clock = new GatewayClock();
        await using var upstream = ScriptedUpstream.Answering($$"""{"id":"m","content":[],"usage":{{Large}}}""");
        await using var gateway = await StartAsync(upstream, clock, 1_000_000_000, own: true);
        await ChatAsync(gateway, clock);
        var sent = upstream.Calls.Count;

        gateway.Host.State.BeginStopping();
        clock.Advance(Interval);

        Assert.Equal(sent, upstream.Calls.Count);
        Assert.Equal((0, 0), gateway.Host.State.Cache.KeepAlive.Figures);
    }

    [Fact]
    public async Task Of_two_requests_with_one_beginning_the_second_waits_until_the_first_is_answered()
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrivedAfter = new ConcurrentQueue<bool>();
        var clock = new GatewayClock();
        await using var upstream = ScriptedUpstream.Start(async call =>
        {
            arrivedAfter.Enqueue(answered.Task.IsCompleted);
            arrived.TrySetResult();
            await answered.Task;
            await CacheScene.AnswerAsync(call);
        });
        await using var gateway = await CacheScene.StartAsync(upstream, static config => config with { Cache = new CacheConfig { SingleFlight = true } }, clock);

        var first = gateway.PostAsync(CacheScene.Body(1));
        await arrived.Task;
        clock.Advance(TimeSpan.FromSeconds(3));
        clock.Forget();
        var second = gateway.PostAsync(CacheScene.Body(1));
        await clock.UntilArmedAsync(new SingleFlightOptions().LongestWait);

        answered.SetResult();
        Assert.Equal((200, 200), ((await first).Status, (await second).Status));
        Assert.Equal([false, true], arrivedAfter);
        Assert.All(upstream.Calls, static call => Assert.Contains("cache_control", call.Text, StringComparison.Ordinal));
        Assert.Equal(0, gateway.Host.State.Cache.Flights.Count);
    }

    private static Task<TestGateway> StartAsync(ScriptedUpstream upstream, GatewayClock clock, long budget, bool own) => CacheScene.StartAsync(
        upstream,
        config => config with
        {
            Upstream = "mine",
            Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["mine"] = new() { Url = upstream.Url, ApiKey = own ? new Secret("a-key-of-the-gateway") : null } },
            Cache = new CacheConfig { KeepAlivePerDay = budget },
        },
        clock);

    // Nobody has been seen to pause long, so a ping soon after the last message pays.
    private static async Task ChatAsync(TestGateway gateway, GatewayClock clock, string headers = "")
    {
        for (var turn = 1; turn <= 12; turn++)
        {
            Assert.Equal(200, (await gateway.PostAsync(CacheScene.Body(turn, size: 3), headers: headers)).Status);
            await gateway.UntilIdleAsync();
            clock.Advance(TimeSpan.FromSeconds(turn == 12 ? 0 : turn % 4 == 0 ? 270 : 60));
        }
    }
}
