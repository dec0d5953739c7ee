using System.Globalization;
using Tuppence.Thrift.Replays;

namespace Tuppence.Thrift.Benchmarks;

/// <summary>What the benchmark must come to: costs for each nano-dollar without caching, a read at 0.05, chained entries.</summary>
public static class CacheTargets
{
    private const CacheLevel Markers = CacheLevel.Markers;
    private const CacheLevel Rewriting = CacheLevel.RelocateWindow;
    private static readonly (string Trace, double Most)[] Rewritten = [("macros", 0.20), ("lorebook", 0.33), ("truncation", 0.34), ("summarize", 0.24)];

    /// <summary>What the planner may risk in all: the premium of writing 32,000 tokens for five minutes, in tokens of plain input.</summary>
    public const double Allowance = 8000;

    /// <summary>Whether a trace cost at most 1 % more than without caching, and the allowance, and none of its requests would have been rejected.</summary>
    /// <param name="result">What it came to.</param>
    /// <param name="plain">Price of a token of plain input.</param>
    public static bool IsGuarded(ReplayResult result, double plain)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Rejected == 0 && result.Cost <= (1.01 * result.Uncached) + (Allowance * plain);
    }

    /// <summary>The targets that recorded traces miss, in words; empty where all are met.</summary>
    public static IReadOnlyList<string> Missed(IReadOnlyList<BenchScore> recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var missed = new List<string>();
        AtMost(missed, "markers, geometric mean", Mean(recorded, Markers), 0.295);
        AtMost(missed, "relocate+window, geometric mean", Mean(recorded, Rewriting), 0.19);
        foreach (var score in recorded)
        {
            var name = score.Case.Name;
            AtMost(missed, $"markers, {name}", score.Ratio(Markers), 1.01);
            AtMost(missed, $"markers, {name}, over SillyTavern's best", score.Ratio(Markers) / score.SillyTavern, 1.10);
            AtMost(missed, $"relocate+window, {name}, over markers", score.Ratio(Rewriting) / score.Ratio(Markers), 1.02);
            AtMost(missed, $"relocate+window, {name}, sentences lost", 1 - score.Results[Rewriting].KeptText, 0.005);
            AtMost(missed, $"relocate+window, {name}, text added", score.Results[Rewriting].AddedText, 0.10);
            if (Array.Find(Rewritten, target => target.Trace == name) is { Trace: not null } target)
            {
                AtMost(missed, $"relocate+window, {name}", score.Ratio(Rewriting), target.Most);
            }
        }

        return missed;
    }

    /// <summary>The target that families miss: regret of <c>markers</c> to the lower bound on T1 to T11.</summary>
    public static IReadOnlyList<string> MissedByFamilies(IReadOnlyList<BenchScore> families)
    {
        var missed = new List<string>();
        AtMost(missed, "markers, regret on T1 to T11", RegretOfFamilies(families), 0.18);
        return missed;
    }

    /// <summary>Geometric mean of the cost, by the bound, over T1 to T11 (each family with equal weight), less 1.</summary>
    public static double RegretOfFamilies(IReadOnlyList<BenchScore> families) =>
        GeometricMean.Of(families.Where(static score => score.Case.Family is { Number: <= 11 }).Select(static score => 1 + score.Regret(Markers))) - 1;

    /// <summary>Geometric mean of a level's cost.</summary>
    public static double Mean(IReadOnlyList<BenchScore> scores, CacheLevel level) => GeometricMean.Of(scores.Select(score => score.Ratio(level)));

    private static void AtMost(List<string> missed, string what, double value, double most)
    {
        // Costs are compared at the precision in which the targets are given.
        if (Math.Round(value, 4) > most)
        {
            missed.Add(string.Create(CultureInfo.InvariantCulture, $"{what}: {value:F4}, target at most {most}"));
        }
    }
}
