using System.Globalization;
using Tuppence.State.Exports;
using Tuppence.State.Ledger;
using Tuppence.Thrift.Accounts;

namespace Tuppence.Commands.UsageReports;

/// <summary>The ledger as tables for people.</summary>
internal sealed class UsageTable(Terminal terminal, TextWriter target)
{
    /// <summary>Lines of a table where nobody says how many.</summary>
    public const int Lines = 40;

    private const int BarWidth = 24;
    private const int MostName = 44;

    /// <summary>The name of a group as a line has it.</summary>
    public static string NameOf(LedgerSum sum, LedgerGrouping grouping) => sum.Group is not { } name ? "(none)"
        : grouping == LedgerGrouping.Day ? name[..10]
        : grouping == LedgerGrouping.Hour ? name[..10] + " " + name[11..16]
        : name;

    /// <summary>Requests, the oldest first, so that the latest stand where a person looks.</summary>
    public void WriteRows(LedgerPage page)
    {
        if (page.Entries.Count == 0)
        {
            target.WriteLine("No request is recorded for this time.");
            return;
        }

        var rows = new List<string[]> { new[] { "time (UTC)", "model", "upstream", "ended", "input", "read", "written", "output", "cost", "seconds" } };
        foreach (var entry in page.Entries.Reverse())
        {
            var usage = entry.Usage;
            rows.Add(
            [
                entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                Clean(entry.Model ?? "-"),
                Clean(entry.Upstream ?? "-"),
                entry.Outcome == RequestOutcome.Completed ? entry.ErrorType is { } error ? Clean(error) : Count(entry.Status) : ExportColumns.Snake(entry.Outcome.ToString()).Replace('_', ' '),
                Count(usage?.Input),
                Count(usage?.CacheRead),
                Count(usage is null ? null : usage.CacheWrite5m + usage.CacheWrite1h),
                Count(usage?.Output),
                entry.Cost is { } cost ? Money.Format(cost.Total) : usage is null ? "-" : "unknown",
                (entry.Times.Total / 1e6).ToString("F1", CultureInfo.InvariantCulture),
            ]);
        }

        Write(rows, static column => column > 3, null);
        if (page.Next is not null)
        {
            target.WriteLine(terminal.Faint($"The latest {page.Entries.Count} requests; there are more (--limit, --from, --until)."));
        }
    }

    /// <summary>Sums by group with a bar for what each cost, and what they come to.</summary>
    /// <param name="sums">The lines.</param>
    /// <param name="total">The sum of all groups, shown or not.</param>
    /// <param name="groups">How many groups there are.</param>
    /// <param name="grouping">What they are groups of.</param>
    public void WriteSums(List<(string Name, LedgerSum Sum)> sums, LedgerSum total, int groups, LedgerGrouping grouping)
    {
        if (sums.Count == 0)
        {
            target.WriteLine("No request is recorded for this time.");
            return;
        }

        var head = UsageWords.NameOf(grouping) + (grouping is LedgerGrouping.Day or LedgerGrouping.Hour ? " (UTC)" : "");
        var rows = new List<string[]> { new[] { head, "requests", "failed", "input", "read", "written", "output", "cost", "saved" } };
        rows.AddRange(sums.Select(static one => Row(one.Name, one.Sum)));
        rows.Add(Row("total", total));
        var most = sums.Max(static one => one.Sum.Cost);
        Write(rows, static column => column > 0, row => row == 0 || row > sums.Count ? "" : Bar(sums[row - 1].Sum.Cost, most));
        target.WriteLine(terminal.Faint("saved: against the same tokens without caching. Bars: cost."));
        if (groups > sums.Count)
        {
            target.WriteLine(terminal.Faint(string.Create(CultureInfo.InvariantCulture, $"{sums.Count} of {groups} lines (--limit, --from, --until); the total is of all.")));
        }

        if (total.Unpriced > 0)
        {
            target.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Of {total.Unpriced:N0} requests the price is not known; they are missing in the cost."));
        }
    }

    /// <summary>A bar of eighths: full blocks and a part of one. What is not nothing is seen.</summary>
    public static string Bar(long value, long most)
    {
        if (value <= 0 || most <= 0)
        {
            return "";
        }

        var eighths = Math.Max(1, (int)Math.Round(value / (double)most * BarWidth * 8));
        return new string('█', eighths / 8) + (eighths % 8 == 0 ? "" : ((char)('█' + 8 - (eighths % 8))).ToString());
    }

    private static string[] Row(string name, LedgerSum sum) =>
    [
        Clean(name),
        Count(sum.Requests),
        Count(sum.Failed),
        Count(sum.Input),
        Count(sum.CacheRead),
        Count(sum.CacheWrite5m + sum.CacheWrite1h),
        Count(sum.Output),
        Money.Format(sum.Cost),
        Money.Format(sum.WithoutCaching - sum.Cost),
    ];

    private void Write(List<string[]> rows, Func<int, bool> isNumber, Func<int, string>? bar)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        for (var i = 0; i < rows.Count; i++)
        {
            var line = string.Join("  ", rows[i].Select((cell, column) => isNumber(column) ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])));
            line = bar is null ? line : $"{line}  {bar(i)}";
            target.WriteLine(i == 0 || (bar is not null && i == rows.Count - 1) ? terminal.Strong(line.TrimEnd()) : line.TrimEnd());
        }
    }

    private static string Count(long? number) => number is null ? "-" : number.Value.ToString("N0", CultureInfo.InvariantCulture);

    // Names may be anybody's words: nothing in them moves the terminal's cursor.
    private static string Clean(string text)
    {
        var seen = string.Concat(text.Select(static letter => char.IsControl(letter) || char.GetUnicodeCategory(letter) == UnicodeCategory.Format ? '?' : letter));
        return seen.Length <= MostName ? seen : seen[..(MostName - 1)] + "…";
    }
}
