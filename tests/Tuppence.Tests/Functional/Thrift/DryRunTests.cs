using System.Text.Json;
using System.Text.Json.Nodes;
using Tuppence.Configuration;
using Tuppence.Tests.Scenes;
using Tuppence.Thrift;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Tests.Functional.Thrift;

/// <summary><c>?dry-run=true</c> shows what would be sent; a conversation with dry runs in between goes on as if there had been none.</summary>
public sealed class DryRunTests
{
    private const string DryRun = "/v1/messages?dry-run=true";

    [Theory]
    [InlineData(CacheLevel.Markers)]
    [InlineData(CacheLevel.RelocateWindow)]
    public async Task Dry_runs_in_between_change_no_byte_no_account_and_no_trace(CacheLevel level)
    {
        var trace = Path.Combine(Path.GetTempPath(), $"tuppence-{Guid.NewGuid():N}.jsonl");
        try
        {
            var without = await ChatAsync(level, trace, dryRuns: false);
            var with = await ChatAsync(level, trace, dryRuns: true);

            Assert.Equal(without.Sent, with.Sent);
            Assert.Equal(without.Accounts, with.Accounts);
            Assert.Equal(without.Recorded, with.Recorded);
            Assert.Equal(without.Sent, with.Shown);
        }
        finally
        {
            File.Delete(trace);
        }
    }

    [Fact]
    public async Task A_dry_run_waits_for_nobody_and_leaves_the_next_ping_where_it_was()
    {
        var clock = new GatewayClock();
        await using var upstream = ScriptedUpstream.Answering("""{"id":"m","content":[],"usage":{"input_tokens":20,"cache_creation_input_tokens":0,"cache_read_input_tokens":30000,"output_tokens":1}}""");
        await using var gateway = await CacheScene.StartAsync(
            upstream,
            config => config with
            {
                Upstream = "mine",
                Upstreams = new Dictionary<string, UpstreamConfig>(StringComparer.Ordinal) { ["mine"] = new() { Url = upstream.Url, ApiKey = new Secret("a-key-of-the-gateway") } },
                Cache = new CacheConfig { KeepAlivePerDay = 1_000_000_000, SingleFlight = true },
            },
            clock);
        for (var turn = 1; turn <= 12; turn++)
        {
            Assert.Equal(200, (await gateway.PostAsync(CacheScene.Body(turn, size: 3))).Status);
            await gateway.UntilIdleAsync();
            clock.Advance(TimeSpan.FromSeconds(turn == 12 ? 200 : turn % 4 == 0 ? 270 : 60));
        }

        var sent = upstream.Calls.Count;
        Assert.Equal(200, (await gateway.PostAsync(CacheScene.Body(13, size: 3), DryRun)).Status);
        await gateway.UntilIdleAsync();
        Assert.Equal((sent, 0), (upstream.Calls.Count, gateway.Host.State.Cache.Flights.Count));

        clock.Advance(TimeSpan.FromSeconds(80));
        var ping = await upstream.CallAsync(sent);
        await Gate.UntilAsync(() => gateway.Log.Contains("Pinged to keep", StringComparison.Ordinal));
        Assert.Contains("\"max_tokens\":0", ping.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Question 13", ping.Text, StringComparison.Ordinal);
    }

    private static async Task<(IReadOnlyList<string> Sent, IReadOnlyList<string> Shown, string Accounts, int Recorded)> ChatAsync(CacheLevel level, string trace, bool dryRuns)
    {
        File.Delete(trace);
        var clock = new GatewayClock();
        await using var upstream = CacheScene.Upstream();
        await using var gateway = await CacheScene.StartAsync(upstream, config => config with { Cache = new CacheConfig { Level = level, Record = trace } }, clock);
        var shown = new List<string>();
        for (var turn = 1; turn <= 9; turn++)
        {
            if (dryRuns)
            {
                await gateway.PostAsync(Body(turn + 20), DryRun);
                var answer = await gateway.PostAsync(Body(turn), DryRun);
                Assert.Equal(200, answer.Status);
                shown.Add(answer.Text);
                await gateway.PostAsync(CacheScene.Body(turn), DryRun);
            }

            Assert.Equal(200, (await gateway.PostAsync(Body(turn))).Status);
            await gateway.UntilIdleAsync();
            clock.Advance(TimeSpan.FromMinutes(1));
        }

        using var page = JsonDocument.Parse((await gateway.SendAsync(RawClient.Get("/tuppence/cache"))).Body);
        var recorded = await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken);
        return ([.. upstream.Calls.Select(static call => call.Text)], shown, page.RootElement.GetProperty("conversations").GetRawText(), recorded.Length);
    }

    // With a clock on top and lore that comes and goes, so that there is something to rewrite.
    private static string Body(int turn)
    {
        var body = JsonNode.Parse(CacheScene.Body(turn))!;
        var system = body["system"]!.AsArray();
        system.Insert(0, new JsonObject { ["type"] = "text", ["text"] = $"You are the keeper of a lighthouse at the end of the world.\n\nThe time is {turn} past noon, and the lamp is lit." });
        if (turn % 3 == 0)
        {
            system.Add(new JsonObject { ["type"] = "text", ["text"] = "The cellar: a long stair, a door of oak, a smell of salt.\n\nNobody has been there for a year." });
        }

        return body.ToJsonString();
    }
}
