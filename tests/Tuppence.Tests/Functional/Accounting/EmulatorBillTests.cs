using System.Text.Json;
using Tuppence.Configuration;
using Tuppence.State.Ledger;
using Tuppence.Tests.Scenes;
using Tuppence.Tests.Unit.Pricing;
using Tuppence.Thrift;

namespace Tuppence.Tests.Functional.Accounting;

/// <summary>Issue D, "Shown by" 2: what the gateway books is what the emulator bills and what an independent calculation gives, exactly.</summary>
public sealed class EmulatorBillTests
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("A ferry waits for nobody. ", 900));

    public static TheoryData<string> Models => [.. IndependentBill.Models];

    [Theory, MemberData(nameof(Models))]
    public async Task Streams_whole_answers_writes_reads_tools_places_and_cut_streams(string model)
    {
        await using var emulator = await EmulatorHost.StartAsync();
        await using var gateway = await TestGateway.StartAsync(config => config with { Upstream = emulator.Url.ToString(), Cache = new CacheConfig { Level = CacheLevel.Off } });
        var heard = HeardRequests.On(gateway);
        var rows = new List<LedgerEntry>();
        var asked = 0;
        foreach (var (ttl, geo, stream, searches, fault) in Requests())
        {
            if (searches > 0)
            {
                using var queued = await emulator.PostAsync("/emulator/replies", $$$"""{"text":"Found.","server_tool_use":{"web_search_requests":{{{searches}}},"web_fetch_requests":1}}""");
                Assert.True(queued.IsSuccessStatusCode);
                asked++;
            }

            asked++;

            await gateway.PostAsync(Body(model, ttl, geo, stream), headers: fault is null ? "" : $"x-emulator-fault: {fault}\r\n");
            rows.Add(await heard.NextAsync());
        }

        // The emulator puts a stream that was cut right on its bill when it is done with it.
        while (asked > 0)
        {
            asked -= await emulator.NextMomentAsync(TestContext.Current.CancellationToken) == "ended" ? 1 : 0;
        }

        Assert.All(rows, row => Assert.Equal(Reckoned(model, row), (row.Cost!.Input, row.Cost.CacheRead, row.Cost.CacheWrite, row.Cost.Output, row.Cost.ServerTools)));
        Assert.Contains(rows, static row => row.Usage!.IsPartial && row.Outcome == RequestOutcome.Broken);
        Assert.Contains(rows, static row => row.Usage!.CacheRead > 0);
        Assert.Contains(rows, static row => row.Usage!.CacheWrite1h > 0);
        var line = await BillAsync(emulator, model);
        Assert.Equal(rows.Sum(static row => row.Cost!.Input + row.Cost.CacheRead + row.Cost.CacheWrite), line.GetProperty("input_nano_dollars").GetInt64());
        Assert.Equal(rows.Sum(static row => row.Cost!.Output), line.GetProperty("output_nano_dollars").GetInt64());
        Assert.Equal(rows.Sum(static row => row.Cost!.ServerTools), line.GetProperty("web_search_nano_dollars").GetInt64());
        Assert.Equal(rows.Count, line.GetProperty("requests").GetInt64());
        Assert.Empty(emulator.Errors.Lines);
    }

    /// <summary>https://github.com/dativo-io/talon/pull/222: counting tokens was charged as a call.</summary>
    [Fact]
    public async Task Counting_tokens_costs_nothing()
    {
        await using var emulator = await EmulatorHost.StartAsync();
        await using var gateway = await TestGateway.StartAsync(config => config with { Upstream = emulator.Url.ToString() });
        var heard = HeardRequests.On(gateway);
        Assert.Equal(200, (await gateway.PostAsync("""{"model":"claude-haiku-4-5","messages":[{"role":"user","content":"Hi"}]}""", "/v1/messages/count_tokens")).Status);
        var row = await heard.NextAsync();
        Assert.Equal((RequestKind.CountTokens, null, null, "claude-haiku-4-5"), (row.Kind, row.Usage, row.Cost, row.Model));
    }

    [Fact]
    public async Task The_results_of_a_batch_are_booked_at_half_the_price_and_once()
    {
        await using var emulator = await EmulatorHost.StartAsync();
        var requests = string.Join(',', IndependentBill.Models.Select(static (model, i) => $$"""{"custom_id":"r{{i}}","params":{{Body(model, i % 2 == 0 ? "5m" : "1h", i % 3 == 0 ? "us" : null, stream: false)}}}"""));
        var booked = new List<LedgerEntry>();
        string? results = null;
        for (var process = 0; process < 2; process++)
        {
            await using var gateway = await TestGateway.StartAsync(config => config with { Upstream = emulator.Url.ToString() });
            var heard = HeardRequests.On(gateway);
            if (results is null)
            {
                var made = await gateway.PostAsync($$"""{"requests":[{{requests}},{"custom_id":"bad","params":{}}]}""", "/v1/messages/batches");
                Assert.Equal(200, made.Status);
                Assert.Equal(RequestKind.Other, (await heard.NextAsync()).Kind);
                using var json = JsonDocument.Parse(made.Body);
                results = $"/v1/messages/batches/{json.RootElement.GetProperty("id").GetString()}/results";
            }

            foreach (var encoding in (string[])["", "x: y\r\n"])
            {
                var fetched = await gateway.SendAsync(RawClient.Get(results, "anthropic-version: 2023-06-01\r\n" + encoding));
                Assert.Equal(200, fetched.Status);
                for (var row = await heard.NextAsync(); row.Kind == RequestKind.BatchResult; row = await heard.NextAsync())
                {
                    booked.Add(row);
                }
            }
        }

        // Each process books each result once, and under the same id, of which a ledger keeps one row.
        Assert.Equal(2 * IndependentBill.Models.Count, booked.Count);
        var rows = booked.DistinctBy(static row => row.Id).ToList();
        Assert.Equal(IndependentBill.Models.Count, rows.Count);
        foreach (var row in rows)
        {
            Assert.Equal(Reckoned(row.Model!, row, isBatch: true), (row.Cost!.Input, row.Cost.CacheRead, row.Cost.CacheWrite, row.Cost.Output, row.Cost.ServerTools));
            var line = await BillAsync(emulator, row.Model!);
            Assert.Equal(line.GetProperty("input_nano_dollars").GetInt64() + line.GetProperty("output_nano_dollars").GetInt64(), row.Cost.Total);
        }
    }

    private static IEnumerable<(string? Ttl, string? Geo, bool Stream, int Searches, string? Fault)> Requests()
    {
        foreach (var ttl in (string?[])[null, "5m", "5m", "1h"])
        {
            foreach (var geo in (string?[])[null, "us", "global"])
            {
                yield return (ttl, geo, geo is null, 0, null);
            }
        }

        yield return (null, null, true, 3, null);
        yield return (null, "us", false, 2, null);
        yield return ("5m", null, true, 0, "cut; after-events=3");
        yield return ("1h", "us", true, 0, "error-event=overloaded_error; after-events=2");
    }

    private static string Body(string model, string? ttl, string? geo, bool stream) =>
        $$"""
        {"model":"{{model}}","max_tokens":300,"stream":{{(stream ? "true" : "false")}}{{(geo is null ? "" : $",\"inference_geo\":\"{geo}\"")}},
        "system":[{"type":"text","text":"{{ttl}} {{Long}}"{{(ttl is null ? "" : $",\"cache_control\":{{\"type\":\"ephemeral\",\"ttl\":\"{ttl}\"}}")}}}],"messages":[{"role":"user","content":"Hello there."}]}
        """;

    private static (long, long, long, long, long) Reckoned(string model, LedgerEntry row, bool isBatch = false)
    {
        var usage = row.Usage!;
        return IndependentBill.Of(model, new IndependentBill.Sold(
            DateOnly.FromDateTime(row.At.UtcDateTime), (int)usage.Input, (int)usage.CacheRead, (int)usage.CacheWrite5m, (int)usage.CacheWrite1h, (int)usage.Output, (int)usage.WebSearches, isBatch, usage.InferenceGeo));
    }

    private static async Task<JsonElement> BillAsync(EmulatorHost emulator, string model)
    {
        using var answer = await emulator.Client.GetAsync("/emulator/bill", TestContext.Current.CancellationToken);
        return (await EmulatorHost.JsonAsync(answer)).GetProperty("bill").EnumerateArray().Single(line => line.GetProperty("model").GetString() == model);
    }
}
