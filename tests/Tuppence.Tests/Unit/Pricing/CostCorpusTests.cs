using System.Text;
using Tuppence.Accounting;
using Tuppence.Messages.Batches;
using Tuppence.Messages.Pricing;
using Tuppence.Messages.Usage;
using Tuppence.State.Ledger;
using Sold = Tuppence.Tests.Unit.Pricing.IndependentBill.Sold;

namespace Tuppence.Tests.Unit.Pricing;

/// <summary>Issue D, "Shown by" 2: of a generated corpus of answers the row of the ledger is an independent calculation, to the nano-dollar.</summary>
public sealed class CostCorpusTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 4, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Models => [.. IndependentBill.Models];

    [Theory, MemberData(nameof(Models))]
    public void Each_answer_of_a_model_costs_what_the_price_list_says(string model)
    {
        var cases = 0;
        foreach (var sold in Corpus())
        {
            foreach (var form in Enum.GetValues<Form>())
            {
                if (sold.Batch != (form == Form.Batch))
                {
                    continue;
                }

                var told = form == Form.Cut ? sold with { Output = 1, Searches = 0 } : sold;
                var (usage, named) = Read(model, sold, form);
                Assert.Equal((told.Input, told.Read, told.Write5m, told.Write1h, told.Output, told.Searches, form == Form.Cut), ((int)usage.Input, (int)usage.CacheRead, (int)usage.CacheWrite5m, (int)usage.CacheWrite1h, (int)usage.Output, (int)usage.WebSearches, usage.IsPartial));
                var cost = Entries.CostOf(usage, named, Now, new BilledUsage { IsBatch = sold.Batch, Platform = sold.Regional ? "vertex" : "anthropic", IsRegional = sold.Regional })!;
                var expected = IndependentBill.Of(model, told);
                Assert.Equal(expected, (cost.Input, cost.CacheRead, cost.CacheWrite, cost.Output, cost.ServerTools));
                Assert.Equal(expected.Input + expected.Read + expected.Write + expected.Output + expected.Tools, cost.Total);
                var plain = IndependentBill.Of(model, told with { Input = 0, Read = 0, Write5m = 0, Write1h = 0 });
                Assert.True(cost.WithoutCaching >= plain.Output + plain.Tools);
                cases++;
            }
        }

        Assert.True(cases > 300);
    }

    private enum Form
    {
        Whole, Stream, Cut, Batch,
    }

    private static IEnumerable<Sold> Corpus()
    {
        var day = DateOnly.FromDateTime(Now.UtcDateTime);
        (int Input, int Read, int Write5m, int Write1h)[] inputs = [(1, 0, 0, 0), (13, 0, 4099, 0), (7, 50_021, 0, 333), (3, 4_001, 17, 19), (99_999, 1, 0, 0), (99_998, 1, 1, 1), (1_003, 150_001, 3, 7)];
        foreach (var (input, read, short5m, hour) in inputs)
        {
            foreach (var output in (int[])[1, 4_095])
            {
                foreach (var searches in (int[])[0, 3])
                {
                    foreach (var geo in (string?[])[null, "not_available", "global", "us"])
                    {
                        foreach (var (batch, regional) in ((bool, bool)[])[(false, false), (true, false), (false, true)])
                        {
                            yield return new Sold(day, input, read, short5m, hour, output, searches, batch, geo, regional);
                        }
                    }
                }
            }
        }
    }

    private static (EntryUsage Usage, string? Model) Read(string model, Sold sold, Form form)
    {
        if (form == Form.Batch)
        {
            UsageReader? found = null;
            var results = new BatchResultsReader(one => found = one);
            Feed(results.Feed, $$$"""{"custom_id":"a","result":{"type":"succeeded","message":{{{Message(model, sold)}}}}}""" + "\n");
            return (Entries.UsageOf(found!)!, found!.Model);
        }

        var reader = new UsageReader(isStream: form != Form.Whole);
        Feed(reader.Feed, form == Form.Whole ? Message(model, sold) : Stream(model, sold, isCut: form == Form.Cut));
        return (Entries.UsageOf(reader)!, reader.Model);
    }

    private delegate void Taker(ReadOnlySpan<byte> bytes);

    private static void Feed(Taker taker, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var at = 0; at < bytes.Length; at += 61)
        {
            taker(bytes.AsSpan(at, Math.Min(61, bytes.Length - at)));
        }
    }

    private static string Message(string model, Sold sold) =>
        $$"""{"model":"{{model}}","id":"msg_1","type":"message","content":[{"type":"text","text":"\"usage\":{\"input_tokens\":1}"}],"stop_reason":"end_turn","usage":{{Usage(sold, sold.Output, tools: true)}}}""";

    private static string Stream(string model, Sold sold, bool isCut) =>
        $$$"""
        event: message_start
        data: {"type":"message_start","message":{"model":"{{{model}}}","id":"msg_1","content":[],"stop_reason":null,"usage":{{{Usage(sold, 1, tools: false)}}}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"word"}}


        """ + (isCut ? "" : $$$"""
        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":{{{sold.Output}}},"server_tool_use":{"web_search_requests":{{{sold.Searches}}}}}}

        event: message_stop
        data: {"type":"message_stop"}


        """);

    private static string Usage(Sold sold, int output, bool tools) =>
        $$$"""
        {"input_tokens":{{{sold.Input}}},"cache_read_input_tokens":{{{sold.Read}}},"cache_creation_input_tokens":{{{sold.Write5m + sold.Write1h}}},"cache_creation":{"ephemeral_5m_input_tokens":{{{sold.Write5m}}},"ephemeral_1h_input_tokens":{{{sold.Write1h}}}},"output_tokens":{{{output}}}{{{(tools ? $$""","server_tool_use":{"web_search_requests":{{sold.Searches}}}""" : "")}}},"service_tier":"{{{(sold.Batch ? "batch" : "standard")}}}"{{{(sold.Geo is null ? "" : $",\"inference_geo\":\"{sold.Geo}\"")}}}}
        """;
}
