using System.Text;
using CsCheck;
using Tuppence.Messages.Models;
using Tuppence.Thrift.Baselines;
using Tuppence.Thrift.Families;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Replays;
using Tuppence.Thrift.Simulation;
using Tuppence.Thrift.Traces;

namespace Tuppence.Tests.Unit.Thrift.Replays;

/// <summary>The search for the cheapest breakpoints.</summary>
public sealed class BestPlacementTests
{
    public static TheoryData<string> Families => [.. Family.All.Select(static family => family.Id)];

    [Theory]
    [MemberData(nameof(Families))]
    public void It_lies_between_the_bound_and_every_program_s_placement(string id)
    {
        var trace = Family.All.Single(family => family.Id == id).Make(5);
        var yardsticks = Yardsticks.Of(trace, new ReplayOptions(), [.. Baseline.Programs, .. Baseline.AllSillyTavernSettings]);
        Assert.InRange(yardsticks.BestPlacement, yardsticks.LowerBound, yardsticks.Placements.Min(static placement => placement.Cost));
    }

    [Fact]
    public void It_is_the_cheapest_of_all_placements_where_all_can_be_tried() =>
        Gen.Int.Sample(
            seed =>
            {
                var trace = Tiny(new Random(seed));
                var options = new ReplayOptions { MinTokens = 20 };
                Assert.Equal(CheapestOfAll(trace, options), BestPlacement.Cost(trace, options));
            },
            iter: 40);

    // Three requests of up to three blocks, which grow, change at some place, and pause for more or less than five minutes.
    private static List<TraceRequest> Tiny(Random random)
    {
        var texts = Enumerable.Range(0, 2).Select(i => new string((char)('a' + i), random.Next(40, 400))).ToList();
        var trace = new List<TraceRequest>();
        var at = DateTimeOffset.UnixEpoch;
        for (var i = 0; i < 3; i++)
        {
            trace.Add(new TraceRequest(at, "", Encoding.UTF8.GetBytes($$"""{"model":"claude-sonnet-5","max_tokens":9,"system":[{{string.Join(',', texts.SkipLast(1).Select(Block))}}],"messages":[{"role":"user","content":[{{Block(texts[^1])}}]}]}"""), 0));
            at += TimeSpan.FromSeconds(random.Next(3) switch { 0 => random.Next(1, 300), 1 => random.Next(300, 900), _ => random.Next(900, 4000) });
            var change = random.Next(texts.Count + 1);
            if (change < texts.Count)
            {
                texts[change] = new string((char)('m' + i), random.Next(40, 400));
            }
            else if (texts.Count < 3)
            {
                texts.Add(new string((char)('x' + i), random.Next(40, 400)));
            }
        }

        return trace;

        static string Block(string text) => $$"""{"type":"text","text":"{{text}}"}""";
    }

    private static long CheapestOfAll(List<TraceRequest> trace, ReplayOptions options)
    {
        var reader = new PromptReader(ByteTokenCounter.Instance, ModelTable.Default);
        var prompts = trace.Select(request =>
        {
            var prompt = new Prompt();
            Assert.True(reader.TryRead(request.Body, prompt));
            return prompt;
        }).ToArray();
        var choices = prompts.Select(static prompt => Placements(prompt.Blocks.Length)).ToArray();
        var best = long.MaxValue;
        foreach (var first in choices[0])
        {
            foreach (var second in choices[1])
            {
                foreach (var third in choices[2])
                {
                    best = Math.Min(best, Cost([first, second, third]));
                }
            }
        }

        return best;

        long Cost(Breakpoint[][] placed)
        {
            var engine = new CacheEngine(options.Cache);
            var cost = 0L;
            for (var i = 0; i < placed.Length; i++)
            {
                var outcome = engine.Serve(new CacheStep("", prompts[i], placed[i], null, 20, trace[i].At));
                cost += outcome.Rejection is null ? outcome.Bill.Cost(options.Prices.Of("", 0)) : long.MaxValue / 8;
            }

            return cost;
        }
    }

    // Each block has no breakpoint, one for five minutes or one for an hour.
    private static Breakpoint[][] Placements(int blocks) =>
    [
        .. Enumerable.Range(0, (int)Math.Pow(3, blocks)).Select(number => (Breakpoint[])
            [.. Enumerable.Range(0, blocks).Select(block => (Block: block, Kind: number / (int)Math.Pow(3, block) % 3)).Where(static one => one.Kind > 0).Select(static one => new Breakpoint(one.Block, one.Kind == 1 ? Ttl.FiveMinutes : Ttl.OneHour))]),
    ];
}
