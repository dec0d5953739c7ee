using System.Globalization;
using System.Text;
using Tuppence.Thrift;
using Tuppence.Thrift.Benchmarks;
using Tuppence.Thrift.Replays;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Commands.Benchmarks;

/// <summary>Writes the page <c>bench/CACHE.md</c>.</summary>
internal static class CacheBenchMarkdown
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>The whole page.</summary>
    public static string Write(CacheBenchReport report)
    {
        var text = new StringBuilder().AppendLine("""
            # The prompt cache: costs of recorded and made-up conversations

            Written by `bench/cache.sh`, which runs `tuppence bench-cache`; the figures for programs stand in `cache.json`.

            Every figure is the cost of input for each dollar that the original requests cost without caching, unless its head says otherwise.
            A read costs 0.05 of plain input, a write 1.25 (five minutes) or 2 (an hour), 1,024 tokens are the smallest prefix, and an entry dies with
            any part below it. Tokens: a text's bytes of UTF-8 divided by 3.6 and rounded up, 4 more for a block, 8 for a message, 1,500 for an image.
            The same planner runs here as in the gateway; it learns what a request cost when its answer would begin, and nothing earlier.

            *ST best* is the cheapest of SillyTavern's own settings, chosen for each trace afterwards. *Bound* is what no placement of
            breakpoints can undercut, even if it knew the future. *Found* is the cheapest placement that a search found which does know it: what is
            possible lies between the two. *Regret* is how much more `markers` costs than the bound; *waste* is the share of the tokens
            which it paid for writing and never read.
            """).AppendLine();
        if (report.Recorded.Count > 0)
        {
            text.AppendLine("## Recorded conversations").AppendLine();
            Scores(text, report.Recorded);
            text.AppendLine("What rewriting does to the text: the least share of a request's sentences that is still sent, and new text in the mean.").AppendLine();
            Texts(text, report.Recorded);
            text.AppendLine("Other programs' placements:").AppendLine();
            Placements(text, report.Recorded);
        }

        text.AppendLine("## Made-up families").AppendLine();
        text.AppendLine(Culture, $"Geometric means over the seeds. Regret of `markers` over T1 to T11: {CacheTargets.RegretOfFamilies(report.Families):P1}. T18 is priced as Haiku 5.5, with its price step.").AppendLine();
        Scores(text, [.. report.Families], byFamily: true);
        text.AppendLine("Other programs' placements:").AppendLine();
        Placements(text, report.Families, byFamily: true);
        Sensitivity(text, report.Sensitivity);
        text.AppendLine("## Targets").AppendLine();
        text.AppendLine(report.Missed.Count == 0 ? "All are met." : string.Join('\n', report.Missed.Select(static missed => "- missed: " + missed)));
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static void Scores(StringBuilder text, IReadOnlyList<BenchScore> scores, bool byFamily = false)
    {
        var levels = CacheBench.Levels;
        Row(text, ["trace", .. levels.Select(LevelNames.NameOf), "ST best", .. byFamily ? (string[])[] : ["its setting"], "bound", "found", "bound with pings", "regret", "waste", "worst"]);
        Rule(text, levels.Count + (byFamily ? 8 : 9));
        foreach (var group in Groups(scores, byFamily))
        {
            string[] cells =
            [
                group.Key,
                .. levels.Select(level => Number(Mean(group, score => score.Ratio(level)))),
                Number(Mean(group, static score => score.SillyTavern)),
                .. byFamily ? (string[])[] : [group.First().Yardsticks.SillyTavernBest.Name],
                Number(Mean(group, static score => score.LowerBound)),
                Number(Mean(group, static score => score.BestPlacement)),
                Number(Mean(group, static score => score.Share(score.Yardsticks.LowerBoundWithPings))),
                Percent(Mean(group, static score => 1 + score.Regret(CacheLevel.Markers)) - 1),
                Percent(Waste(group)),
                Number(group.Max(static score => score.Ratio(CacheLevel.Markers))),
            ];
            Row(text, cells);
        }

        string[] means =
        [
            "**geometric mean**",
            .. levels.Select(level => $"**{Number(Mean(scores, score => score.Ratio(level)))}**"),
            Number(Mean(scores, static score => score.SillyTavern)),
            .. byFamily ? (string[])[] : [""],
            Number(Mean(scores, static score => score.LowerBound)),
            Number(Mean(scores, static score => score.BestPlacement)),
            Number(Mean(scores, static score => score.Share(score.Yardsticks.LowerBoundWithPings))),
            Percent(Mean(scores, static score => 1 + score.Regret(CacheLevel.Markers)) - 1),
            Percent(Waste(scores)),
            Number(scores.Max(static score => score.Ratio(CacheLevel.Markers))),
        ];
        Row(text, means);
        text.AppendLine();
    }

    private static void Texts(StringBuilder text, IReadOnlyList<BenchScore> scores)
    {
        Row(text, ["trace", "kept", "added", "bound of the rewritten", "read", "read with markers", "forecast with markers"]);
        Rule(text, 7);
        foreach (var score in scores)
        {
            var (rewritten, markers) = (score.Results[CacheLevel.RelocateWindow], score.Results[CacheLevel.Markers]);
            Row(text, [score.Case.Name, rewritten.KeptText.ToString("P2", Culture), Percent(rewritten.AddedText), Number(score.Share(rewritten.LowerBoundOfSent)), Percent(rewritten.ReadShare), Percent(markers.ReadShare), Percent(markers.ForecastError)]);
        }

        text.AppendLine();
    }

    private static void Placements(StringBuilder text, IReadOnlyList<BenchScore> scores, bool byFamily = false)
    {
        var names = scores[0].Yardsticks.Placements.Select(static placement => placement.Name).ToArray();
        Row(text, ["trace", .. names]);
        Rule(text, names.Length + 1);
        foreach (var group in Groups(scores, byFamily))
        {
            Row(text, [group.Key, .. names.Select((_, i) => Number(Mean(group, score => score.Share(score.Yardsticks.Placements[i].Cost))))]);
        }

        Row(text, ["**geometric mean**", .. names.Select((_, i) => Number(Mean(scores, score => score.Share(score.Yardsticks.Placements[i].Cost))))]);
        text.AppendLine();
    }

    private static void Sensitivity(StringBuilder text, IReadOnlyList<SensitivityRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        text.AppendLine("## Other conditions").AppendLine().AppendLine("""
            The recorded conversations and one of each family together. Early loss: before that share of the requests the provider has lost
            what it held of their prompt. Token error: each block's count is wrong by up to that share. *Over none*: what the worst trace cost more than
            without caching, in tokens of plain input. The *guard* holds where no trace costs more than 1.01 times that and 8,000 tokens (what it
            costs to write 32,000 tokens once for nothing); the *strict guard* where it costs no more than that and 8,000 tokens.
            """).AppendLine();
        Row(text, ["level", "read price", "entries", "early loss", "token error", "geometric mean", "worst", "where", "over none", "guard", "strict guard"]);
        Rule(text, 11);
        foreach (var row in rows)
        {
            var options = row.Options;
            Row(text,
            [
                LevelNames.NameOf(options.Level), options.Prices.Name, options.Cache.EntryModel == EntryModel.Chained ? "chained" : "independent", options.Cache.EarlyLossRate.ToString("P0", Culture),
                options.TokenError.ToString("P0", Culture), Number(row.Mean), Number(row.Worst), row.WorstTrace, Math.Max(0, row.MostOver).ToString("N0", Culture), row.GuardHolds ? "holds" : "**broken**", row.StrictGuardHolds ? "holds" : "exceeded",
            ]);
        }

        text.AppendLine();
    }

    private static IEnumerable<IGrouping<string, BenchScore>> Groups(IReadOnlyList<BenchScore> scores, bool byFamily) =>
        scores.GroupBy(score => byFamily ? $"{score.Case.Family!.Id} {score.Case.Family.Name}" : score.Case.Name, StringComparer.Ordinal);

    private static double Waste(IEnumerable<BenchScore> scores) => scores.Average(static score => score.Results[CacheLevel.Markers].Waste);

    private static double Mean(IEnumerable<BenchScore> scores, Func<BenchScore, double> figure) => GeometricMean.Of(scores.Select(figure));

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");

    private static void Rule(StringBuilder text, int columns) => text.Append("| --- ").Insert(text.Length, "| --: ", columns - 1).AppendLine("|");

    private static string Number(double value) => value.ToString("F3", Culture);

    private static string Percent(double value) => value.ToString("P1", Culture);
}
