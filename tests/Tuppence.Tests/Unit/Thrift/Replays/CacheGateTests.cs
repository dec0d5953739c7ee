using Tuppence.Commands.Benchmarks;
using Tuppence.Thrift;
using Tuppence.Thrift.Benchmarks;

namespace Tuppence.Tests.Unit.Thrift.Replays;

/// <summary>The cache benchmark's gate: no mean over 1 % worse than <c>bench/cache.json</c>, and the targets are met. <c>bench/cache.sh</c> remakes the file.</summary>
public sealed class CacheGateTests
{
    [Fact]
    public void Families_cost_no_more_than_before()
    {
        var families = CacheBench.Score(BenchCase.Families(1), CacheBench.TargetLevels, [], stop: TestContext.Current.CancellationToken);
        Assert.Empty(CacheBenchJson.Regressions(RecordedTraces.Kept, "families", families));
        Assert.All(families, static family => Assert.True(CacheBench.TargetLevels.All(level => CacheTargets.IsGuarded(family.Results[level], 1000)), family.Case.Name));
    }

    [Fact]
    public void Recorded_traces_cost_no_more_than_before_and_meet_the_targets()
    {
        if (RecordedTraces.Cases.Count > 0)
        {
            var recorded = CacheBench.Score(RecordedTraces.Cases, CacheBench.TargetLevels, [], stop: TestContext.Current.CancellationToken);
            Assert.Empty(CacheBenchJson.Regressions(RecordedTraces.Kept, "recorded", recorded));
            Assert.Empty(CacheTargets.Missed(recorded));
        }

        Assert.Empty(RecordedTraces.Kept.GetProperty("missed").EnumerateArray().Select(static missed => missed.GetString()));
        Assert.True(RecordedTraces.Kept.GetProperty("regret_of_markers_on_t1_to_t11").GetDouble() <= 0.18);
        Assert.True(RecordedTraces.Kept.GetProperty("recorded").GetProperty("geometric_mean").GetProperty(LevelNames.NameOf(CacheLevel.Markers)).GetDouble() <= 0.295);
    }

    [Fact]
    public void A_mean_that_is_worse_is_found()
    {
        var families = CacheBench.Score([BenchCase.Families(1)[0]], CacheBench.TargetLevels, []);
        using var better = System.Text.Json.JsonDocument.Parse("""{"families":{"traces":{"T1/0":{"markers":0.01,"relocate+window":9}}}}""");
        Assert.StartsWith("families, markers: geometric mean", Assert.Single(CacheBenchJson.Regressions(better.RootElement, "families", families)), StringComparison.Ordinal);
    }
}
