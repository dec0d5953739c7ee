using Tuppence.Thrift.Replays;

namespace Tuppence.Thrift.Benchmarks;

/// <summary>What all traces together came to under other conditions.</summary>
/// <param name="Options">The conditions and the level.</param>
/// <param name="Mean">Geometric mean of the cost for each nano-dollar without caching.</param>
/// <param name="Worst">The largest of these costs.</param>
/// <param name="WorstTrace">Where it is.</param>
/// <param name="MostOver">By how much any trace cost more than without caching, in tokens of plain input; not above 0 where none did.</param>
/// <param name="GuardHolds">Whether every trace kept to <see cref="CacheTargets.IsGuarded"/>, and none of its requests would have been rejected.</param>
public sealed record SensitivityRow(ReplayOptions Options, double Mean, double Worst, string WorstTrace, double MostOver, bool GuardHolds)
{
    /// <summary>Whether no trace cost more than without caching and the allowance: the guard without the one per cent.</summary>
    public bool StrictGuardHolds => GuardHolds && MostOver <= CacheTargets.Allowance;
}
