using Tuppence.Thrift.Baselines;
using Tuppence.Thrift.Replays;
using Tuppence.Thrift.Simulation;
using Tuppence.Thrift.Traces;

namespace Tuppence.Thrift.Benchmarks;

/// <summary>The cache benchmark: recorded and made-up traces, every level, other programs' placements, and other conditions. Costs are deterministic.</summary>
public static class CacheBench
{
    /// <summary>The levels of the tables.</summary>
    public static readonly IReadOnlyList<CacheLevel> Levels = [CacheLevel.Markers, CacheLevel.Split, CacheLevel.Relocate, CacheLevel.Window, CacheLevel.RelocateWindow];

    /// <summary>The levels that targets are set for.</summary>
    public static readonly IReadOnlyList<CacheLevel> TargetLevels = [CacheLevel.Markers, CacheLevel.RelocateWindow];

    /// <summary>The other conditions: three prices of a read, two ways entries live, early loss, wrong counts, at the levels with targets.</summary>
    public static readonly IReadOnlyList<ReplayOptions> Conditions =
    [
        .. from level in TargetLevels
           from read in (decimal[])[0.1m, 0.05m, 0.025m]
           from entries in (EntryModel[])[EntryModel.Chained, EntryModel.Independent]
           from loss in (double[])[0, 0.02]
           from error in (double[])[0, 0.15]
           select new ReplayOptions { Level = level, Prices = ReplayPrices.OfRead(read), Cache = new CacheEngineOptions { EntryModel = entries, EarlyLossRate = loss }, TokenError = error },
    ];

    /// <summary>Scores traces under the fixed choices, several at a time.</summary>
    /// <param name="cases">The traces.</param>
    /// <param name="levels">The levels to plan at.</param>
    /// <param name="placements">Other programs' placements to price.</param>
    /// <param name="done">Is told of each trace that is done.</param>
    /// <param name="stop">Ends it early.</param>
    public static IReadOnlyList<BenchScore> Score(
        IReadOnlyList<BenchCase> cases, IReadOnlyList<CacheLevel> levels, IReadOnlyList<Baseline> placements, Action<string>? done = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(cases);
        var scores = new BenchScore[cases.Count];
        Parallel.For(0, cases.Count, Parallelism(stop), i =>
        {
            var trace = cases[i].Load();
            var options = OptionsOf(cases[i]);
            var results = levels.ToDictionary(static level => level, level => Replay(trace, options with { Level = level }, stop));
            scores[i] = new BenchScore(cases[i], Yardsticks.Of(trace, options, placements), results);
            done?.Invoke(cases[i].Name);
        });
        return scores;
    }

    /// <summary>Plans traces under other conditions.</summary>
    /// <param name="cases">The traces; each is loaded once.</param>
    /// <param name="conditions">The conditions.</param>
    /// <param name="done">Is told of each condition that is done.</param>
    /// <param name="stop">Ends it early.</param>
    public static IReadOnlyList<SensitivityRow> Vary(IReadOnlyList<BenchCase> cases, IReadOnlyList<ReplayOptions> conditions, Action<string>? done = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(cases);
        ArgumentNullException.ThrowIfNull(conditions);
        var traces = cases.Select(static one => (one.Name, Trace: one.Load())).ToArray();
        var rows = new SensitivityRow[conditions.Count];
        Parallel.For(0, conditions.Count, Parallelism(stop), i =>
        {
            var results = traces.Select(trace => (trace.Name, Result: Replay(trace.Trace, conditions[i], stop))).ToArray();
            var worst = results.MaxBy(static one => one.Result.Ratio);
            var plain = (double)conditions[i].Prices.Of("", 0).Input;
            rows[i] = new SensitivityRow(
                conditions[i],
                GeometricMean.Of(results.Select(static one => one.Result.Ratio)),
                worst.Result.Ratio,
                worst.Name,
                results.Max(one => (one.Result.Cost - one.Result.Uncached) / plain),
                results.All(one => CacheTargets.IsGuarded(one.Result, plain)));
            done?.Invoke($"condition {i + 1} of {conditions.Count}");
        });
        return rows;
    }

    // The one family that lives by a price step has that model's prices; all else the fixed ones.
    private static ReplayOptions OptionsOf(BenchCase one) => one.Family is { Number: 18 }
        ? new ReplayOptions { Prices = ReplayPrices.OfEach(Messages.Models.ModelTable.Default) }
        : new ReplayOptions();

    private static ReplayResult Replay(IReadOnlyList<TraceRequest> trace, ReplayOptions options, CancellationToken stop) =>
        new TraceReplay(options, ReplayPlanner.For(options)).Run(trace, stop: stop);

    private static ParallelOptions Parallelism(CancellationToken stop) => new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop };
}
