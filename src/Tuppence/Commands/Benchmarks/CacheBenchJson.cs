using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tuppence.Thrift;
using Tuppence.Thrift.Benchmarks;

namespace Tuppence.Commands.Benchmarks;

/// <summary>Writes <c>bench/cache.json</c>, and compares a run with one that was written earlier.</summary>
internal static class CacheBenchJson
{
    /// <summary>By which share a geometric mean may be worse than before.</summary>
    public const double Tolerance = 0.01;

    /// <summary>The whole file.</summary>
    public static string Write(CacheBenchReport report)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            Group(json, "recorded", report.Recorded);
            Group(json, "families", report.Families);
            json.WriteNumber("regret_of_markers_on_t1_to_t11", Rounded(CacheTargets.RegretOfFamilies(report.Families)));
            Sensitivity(json, report.Sensitivity);
            json.WriteStartArray("missed");
            foreach (var missed in report.Missed)
            {
                json.WriteStringValue(missed);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    /// <summary>In which means a run is worse than an earlier one by more than the tolerance, over the traces that both have.</summary>
    /// <param name="earlier">The file.</param>
    /// <param name="group"><c>recorded</c> or <c>families</c>.</param>
    /// <param name="scores">The run.</param>
    /// <exception cref="JsonException">The file is not one of these.</exception>
    public static IReadOnlyList<string> Regressions(JsonElement earlier, string group, IReadOnlyList<BenchScore> scores)
    {
        var worse = new List<string>();
        foreach (var level in CacheBench.TargetLevels)
        {
            var name = LevelNames.NameOf(level);
            var both = scores.Select(score => (Now: score.Ratio(level), Then: Earlier(earlier, group, score.Case.Name, name))).Where(static pair => pair.Then is not null).ToArray();
            var (now, then) = (Mean(both.Select(static pair => pair.Now)), Mean(both.Select(static pair => pair.Then!.Value)));
            if (now > then * (1 + Tolerance))
            {
                worse.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{group}, {name}: geometric mean {now:F4}, was {then:F4}"));
            }
        }

        return worse;
    }

    private static double Mean(IEnumerable<double> numbers) => Thrift.Replays.GeometricMean.Of(numbers);

    private static double? Earlier(JsonElement root, string group, string trace, string level) =>
        root.TryGetProperty(group, out var found) && found.TryGetProperty("traces", out var traces) && traces.TryGetProperty(trace, out var one) && one.TryGetProperty(level, out var value) ? value.GetDouble() : null;

    private static void Group(Utf8JsonWriter json, string name, IReadOnlyList<BenchScore> scores)
    {
        json.WriteStartObject(name);
        json.WriteStartObject("geometric_mean");
        foreach (var level in CacheBench.Levels)
        {
            json.WriteNumber(LevelNames.NameOf(level), Rounded(CacheTargets.Mean(scores, level)));
        }

        json.WriteNumber("sillytavern_best", Rounded(Mean(scores.Select(static score => score.SillyTavern))));
        json.WriteNumber("lower_bound", Rounded(Mean(scores.Select(static score => score.LowerBound))));
        json.WriteNumber("best_placement", Rounded(Mean(scores.Select(static score => score.BestPlacement))));
        json.WriteEndObject();
        json.WriteStartObject("traces");
        foreach (var score in scores)
        {
            json.WriteStartObject(score.Case.Name);
            foreach (var level in CacheBench.Levels)
            {
                json.WriteNumber(LevelNames.NameOf(level), Rounded(score.Ratio(level)));
            }

            json.WriteNumber("kept_text", Rounded(score.Results[CacheLevel.RelocateWindow].KeptText));
            json.WriteNumber("added_text", Rounded(score.Results[CacheLevel.RelocateWindow].AddedText));
            json.WriteNumber("sillytavern_best", Rounded(score.SillyTavern));
            json.WriteString("sillytavern_setting", score.Yardsticks.SillyTavernBest.Name);
            json.WriteNumber("lower_bound", Rounded(score.LowerBound));
            json.WriteNumber("best_placement", Rounded(score.BestPlacement));
            json.WriteNumber("waste", Rounded(score.Results[CacheLevel.Markers].Waste));
            json.WriteNumber("lower_bound_with_pings", Rounded(score.Share(score.Yardsticks.LowerBoundWithPings)));
            json.WriteStartObject("placements");
            foreach (var (placement, cost) in score.Yardsticks.Placements)
            {
                json.WriteNumber(placement, Rounded(score.Share(cost)));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Sensitivity(Utf8JsonWriter json, IReadOnlyList<SensitivityRow> rows)
    {
        json.WriteStartArray("sensitivity");
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("level", LevelNames.NameOf(row.Options.Level));
            json.WriteString("read_price", row.Options.Prices.Name);
            json.WriteString("entries", row.Options.Cache.EntryModel == Thrift.Simulation.EntryModel.Chained ? "chained" : "independent");
            json.WriteNumber("early_loss", row.Options.Cache.EarlyLossRate);
            json.WriteNumber("token_error", row.Options.TokenError);
            json.WriteNumber("geometric_mean", Rounded(row.Mean));
            json.WriteNumber("worst", Rounded(row.Worst));
            json.WriteString("worst_trace", row.WorstTrace);
            json.WriteNumber("tokens_over_none", Math.Round(Math.Max(0, row.MostOver)));
            json.WriteBoolean("guard_holds", row.GuardHolds);
            json.WriteBoolean("strict_guard_holds", row.StrictGuardHolds);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static double Rounded(double value) => Math.Round(value, 6);
}
