using Tuppence.Thrift.Baselines;
using Tuppence.Thrift.Benchmarks;
using Tuppence.Thrift.Bounds;
using Tuppence.Thrift.Families;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Replays;
using Tuppence.Thrift.Simulation;
using System.Text;
using Tuppence.Messages.Models;
using Tuppence.Tests.Unit.Thrift.Simulation;

namespace Tuppence.Tests.Unit.Thrift.Replays;

/// <summary>The lower bound, and the made-up traces on which it is tried.</summary>
public sealed class BoundTests
{
    public static TheoryData<string> Families => [.. Family.All.Select(static family => family.Id)];

    [Theory]
    [MemberData(nameof(Families))]
    public void No_placement_is_cheaper_than_the_bound(string id)
    {
        foreach (var entries in (EntryModel[])[EntryModel.Chained, EntryModel.Independent])
        {
            var options = new ReplayOptions { Cache = new CacheEngineOptions { EntryModel = entries } };
            var yardsticks = Yardsticks.Of(Family.All.Single(family => family.Id == id).Make(7), options, [.. Baseline.Programs, .. Baseline.AllSillyTavernSettings]);
            Assert.All(yardsticks.Placements, placement => Assert.True(placement.Cost >= yardsticks.LowerBound, placement.Name));
            Assert.InRange(yardsticks.LowerBoundWithPings, 1, yardsticks.LowerBound);
            Assert.InRange(yardsticks.LowerBound, 1, yardsticks.Uncached);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_family_s_trace_depends_on_its_seed_alone(string id)
    {
        var family = Family.All.Single(family => family.Id == id);
        var (first, again, other) = (family.Make(3), family.Make(3), family.Make(4));
        Assert.InRange(first.Count, 30, 200);
        Assert.Equal(first.Select(static request => request.At), again.Select(static request => request.At));
        Assert.All(first.Zip(again), static pair => Assert.True(pair.First.Body.Span.SequenceEqual(pair.Second.Body.Span)));
        Assert.False(first[^1].Body.Span.SequenceEqual(other[^1].Body.Span));
        Assert.Equal(first.OrderBy(static request => request.At), first);
    }

    [Theory]
    [InlineData(false, 100, 1250 + 50)]
    [InlineData(false, 1000, 2000)]
    [InlineData(false, 4000, 2000)]
    [InlineData(true, 301, 1250 + 50 + 50)]
    [InlineData(true, 3700, 1250 + (12 * 50) + 50)]
    [InlineData(true, 6000, 2000)]
    public void A_block_that_is_asked_for_twice_costs_what_is_cheapest(bool pings, double gap, int costPerToken)
    {
        var bound = new LowerBound(pings: pings);
        var prompt = new Prompt();
        Assert.True(new PromptReader(ByteTokenCounter.Instance, ModelTable.Default).TryRead(Encoding.UTF8.GetBytes(EngineScene.Chat("", EngineScene.Message("user", EngineScene.Text("Hi")))), prompt));
        bound.Add(prompt, DateTimeOffset.UnixEpoch, ReplayPrices.OfRead(0.05m).Of("", 0));
        bound.Add(prompt, DateTimeOffset.UnixEpoch.AddSeconds(gap), ReplayPrices.OfRead(0.05m).Of("", 0));
        Assert.Equal(108L * costPerToken, bound.Cost);
    }
}
