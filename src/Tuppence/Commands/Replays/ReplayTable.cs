using System.Globalization;
using System.Text;
using System.Text.Json;
using Tuppence.Thrift.Replays;

namespace Tuppence.Commands.Replays;

/// <summary>Writes what replays came to: a table for people, JSON for programs.</summary>
internal static class ReplayTable
{
    private static readonly string[] Heads =
        ["trace", "requests", "no cache", "planned", "ratio", "ST best", "its setting", "bound", "found", "of sent", "read", "waste", "kept", "added", "forecast"];

    /// <summary>The table, with the geometric means where there are several traces.</summary>
    public static string Text(IReadOnlyList<ScoredTrace> traces, ReplayOptions options, string level, Terminal terminal)
    {
        var rows = new List<string[]> { Heads };
        rows.AddRange(traces.Select(Row));
        if (traces.Count > 1)
        {
            var (ratio, best, bound) = Means(traces);
            rows.Add(["geometric mean", "", "", "", Number(ratio), Number(best), "", Number(bound), Number(GeometricMean.Of(traces.Select(static trace => trace.BestPlacement))), "", "", "", "", "", ""]);
        }

        var widths = Enumerable.Range(0, Heads.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        text.Append(terminal.Strong($"{level}, price {options.Prices.Name}")).AppendLine(CultureInfo.InvariantCulture, $" ({Conditions(options)})").AppendLine();
        foreach (var row in rows)
        {
            var line = string.Join("  ", row.Select((cell, column) => column is 0 or 6 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd();
            text.AppendLine(ReferenceEquals(row, Heads) ? terminal.Strong(line) : line);
        }

        text.AppendLine().AppendLine("""
            no cache, planned: input in dollars. ratio, ST best (SillyTavern's cheapest setting, known afterwards), bound: for each dollar
            without caching. found: the cheapest breakpoints that a search finds which knows the future. of sent: the bound on the requests as
            they were sent. read: share of the input read from the cache. waste: share of what was written that was never read. kept: least
            share of the sentences of a request that was sent; added: new text in the mean. forecast: by how much the plans' own sum was off.
            """);
        foreach (var trace in traces.Where(static trace => trace.Result.Rejected + trace.Result.Unread > 0))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{trace.Name}: {trace.Result.Unread} requests could not be read and went as they were; {trace.Result.Rejected} would have been rejected.");
        }

        return text.ToString();
    }

    /// <summary>One JSON object of a run.</summary>
    public static void WriteJson(Utf8JsonWriter json, IReadOnlyList<ScoredTrace> traces, ReplayOptions options, string level)
    {
        var (ratio, best, bound) = Means(traces);
        json.WriteStartObject();
        json.WriteString("level", level);
        json.WriteString("price", options.Prices.Name);
        json.WriteString("conditions", Conditions(options));
        json.WriteStartArray("traces");
        foreach (var trace in traces)
        {
            json.WriteStartObject();
            json.WriteString("trace", trace.Name);
            json.WriteNumber("requests", trace.Result.Requests);
            json.WriteNumber("uncached_nanodollars", trace.Result.Uncached);
            json.WriteNumber("planned_nanodollars", trace.Result.Cost);
            json.WriteNumber("ratio", Rounded(trace.Result.Ratio));
            json.WriteNumber("sillytavern_best", Rounded(trace.SillyTavern));
            json.WriteString("sillytavern_setting", trace.Yardsticks.SillyTavernBest.Name);
            json.WriteNumber("lower_bound", Rounded(trace.LowerBound));
            json.WriteNumber("best_placement", Rounded(trace.BestPlacement));
            json.WriteNumber("lower_bound_with_pings", Rounded(trace.Share(trace.Yardsticks.LowerBoundWithPings)));
            json.WriteNumber("lower_bound_of_sent", Rounded(trace.Share(trace.Result.LowerBoundOfSent)));
            json.WriteNumber("read_share", Rounded(trace.Result.ReadShare));
            json.WriteNumber("waste", Rounded(trace.Result.Waste));
            json.WriteNumber("kept_text", Rounded(trace.Result.KeptText));
            json.WriteNumber("added_text", Rounded(trace.Result.AddedText));
            json.WriteNumber("forecast_error", Rounded(trace.Result.ForecastError));
            json.WriteNumber("rejected", trace.Result.Rejected);
            json.WriteNumber("unread", trace.Result.Unread);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("geometric_mean");
        json.WriteNumber("ratio", Rounded(ratio));
        json.WriteNumber("sillytavern_best", Rounded(best));
        json.WriteNumber("lower_bound", Rounded(bound));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static (double Ratio, double Best, double Bound) Means(IReadOnlyList<ScoredTrace> traces) =>
        (GeometricMean.Of(traces.Select(static trace => trace.Result.Ratio)), GeometricMean.Of(traces.Select(static trace => trace.SillyTavern)), GeometricMean.Of(traces.Select(static trace => trace.LowerBound)));

    private static string Conditions(ReplayOptions options) => string.Create(
        CultureInfo.InvariantCulture,
        $"minimum {(options.MinTokens is { } least ? $"{least:N0}" : "of the model")}, {(options.Cache.EntryModel == Thrift.Simulation.EntryModel.Chained ? "chained" : "independent")} entries, early loss {options.Cache.EarlyLossRate:P0}, token error {options.TokenError:P0}");

    private static string[] Row(ScoredTrace trace) =>
    [
        trace.Name,
        trace.Result.Requests.ToString("N0", CultureInfo.InvariantCulture),
        Dollars(trace.Result.Uncached),
        Dollars(trace.Result.Cost),
        Number(trace.Result.Ratio),
        Number(trace.SillyTavern),
        trace.Yardsticks.SillyTavernBest.Name,
        Number(trace.LowerBound),
        Number(trace.BestPlacement),
        Number(trace.Share(trace.Result.LowerBoundOfSent)),
        Percent(trace.Result.ReadShare),
        Percent(trace.Result.Waste),
        Percent(trace.Result.KeptText),
        Percent(trace.Result.AddedText),
        Percent(trace.Result.ForecastError),
    ];

    private static string Number(double value) => value.ToString("F3", CultureInfo.InvariantCulture);

    private static string Percent(double value) => value.ToString("P1", CultureInfo.InvariantCulture);

    private static string Dollars(long nanoDollars) => "$" + (nanoDollars / 1e9).ToString("F4", CultureInfo.InvariantCulture);

    private static double Rounded(double value) => Math.Round(value, 6);
}
