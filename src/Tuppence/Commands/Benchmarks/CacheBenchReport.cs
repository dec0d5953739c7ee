using Tuppence.Thrift;
using Tuppence.Thrift.Benchmarks;

namespace Tuppence.Commands.Benchmarks;

/// <summary>All results of a run of the cache benchmark.</summary>
/// <param name="Recorded">The recorded traces.</param>
/// <param name="Families">The made-up ones.</param>
/// <param name="Sensitivity">All of them under other conditions.</param>
internal sealed record CacheBenchReport(IReadOnlyList<BenchScore> Recorded, IReadOnlyList<BenchScore> Families, IReadOnlyList<SensitivityRow> Sensitivity)
{
    /// <summary>The targets that are missed, in words.</summary>
    public IReadOnlyList<string> Missed =>
    [
        .. Recorded.Count > 0 ? CacheTargets.Missed(Recorded) : [],
        .. Families.Count > 0 ? CacheTargets.MissedByFamilies(Families) : [],
        .. Sensitivity.Where(static row => !row.GuardHolds).GroupBy(static row => row.Options.Level).Select(static rows => $"guard: broken at {LevelNames.NameOf(rows.Key)} under {rows.Count()} of the other conditions"),
    ];
}
