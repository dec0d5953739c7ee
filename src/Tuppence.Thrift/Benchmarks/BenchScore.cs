using Tuppence.Thrift.Replays;

namespace Tuppence.Thrift.Benchmarks;

/// <summary>What a trace of the benchmark came to.</summary>
/// <param name="Case">The trace.</param>
/// <param name="Yardsticks">What it is measured against.</param>
/// <param name="Results">What the planner made of it, by level.</param>
public sealed record BenchScore(BenchCase Case, Yardsticks Yardsticks, IReadOnlyDictionary<CacheLevel, ReplayResult> Results)
{
    /// <summary>SillyTavern's best setting, for each nano-dollar without caching.</summary>
    public double SillyTavern => Share(Yardsticks.SillyTavernBest.Cost);

    /// <summary>The lower bound, for each nano-dollar without caching.</summary>
    public double LowerBound => Share(Yardsticks.LowerBound);

    /// <summary>What a search that knows the whole trace finds, for each nano-dollar without caching.</summary>
    public double BestPlacement => Share(Yardsticks.BestPlacement);

    /// <summary>A level's cost, for each nano-dollar without caching.</summary>
    public double Ratio(CacheLevel level) => Results[level].Ratio;

    /// <summary>By which share a level costs more than the lower bound.</summary>
    public double Regret(CacheLevel level) => (Ratio(level) / LowerBound) - 1;

    /// <summary>A cost for each nano-dollar without caching.</summary>
    public double Share(long cost) => Yardsticks.Uncached == 0 ? 1 : (double)cost / Yardsticks.Uncached;
}
