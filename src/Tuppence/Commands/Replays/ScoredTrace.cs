using Tuppence.Thrift.Replays;

namespace Tuppence.Commands.Replays;

/// <summary>A trace with what its replay came to and what that is measured against.</summary>
internal sealed record ScoredTrace(string Name, ReplayResult Result, Yardsticks Yardsticks)
{
    /// <summary>SillyTavern's best setting, for each nano-dollar without caching.</summary>
    public double SillyTavern => Share(Yardsticks.SillyTavernBest.Cost);

    /// <summary>The lower bound, for each nano-dollar without caching.</summary>
    public double LowerBound => Share(Yardsticks.LowerBound);

    /// <summary>What a search that knows the whole trace finds, for each nano-dollar without caching.</summary>
    public double BestPlacement => Share(Yardsticks.BestPlacement);

    /// <summary>A cost for each nano-dollar without caching.</summary>
    public double Share(long cost) => Yardsticks.Uncached == 0 ? 1 : (double)cost / Yardsticks.Uncached;
}
