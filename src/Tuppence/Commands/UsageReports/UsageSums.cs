using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tuppence.State.Exports;
using Tuppence.State.Ledger;

namespace Tuppence.Commands.UsageReports;

/// <summary>Sums as CSV or JSON lines, for programs. Money is in nano-dollars.</summary>
internal static class UsageSums
{
    private static readonly (string Name, Func<LedgerSum, long> Of)[] Columns =
    [
        ("requests", static sum => sum.Requests),
        ("failed", static sum => sum.Failed),
        ("unpriced", static sum => sum.Unpriced),
        ("input_tokens", static sum => sum.Input),
        ("cache_read_tokens", static sum => sum.CacheRead),
        ("cache_write_5m_tokens", static sum => sum.CacheWrite5m),
        ("cache_write_1h_tokens", static sum => sum.CacheWrite1h),
        ("output_tokens", static sum => sum.Output),
        ("cost_total", static sum => sum.Cost),
        ("cost_without_caching", static sum => sum.WithoutCaching),
        ("cost_bound", static sum => sum.Bound),
    ];

    /// <summary>Writes them under the name of what they are sums by.</summary>
    public static void Write(TextWriter target, IReadOnlyList<LedgerSum> sums, string group, ExportFormat format)
    {
        if (format == ExportFormat.Csv)
        {
            target.Write(group + "," + string.Join(',', Columns.Select(static column => column.Name)) + "\r\n");
        }

        foreach (var sum in sums)
        {
            target.Write(format == ExportFormat.Csv ? Csv(sum) : Json(sum, group));
        }
    }

    private static string Csv(LedgerSum sum) =>
        CsvRows.Cell(sum.Group ?? "") + string.Concat(Columns.Select(column => string.Create(CultureInfo.InvariantCulture, $",{column.Of(sum)}"))) + "\r\n";

    private static string Json(LedgerSum sum, string group)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString(group, sum.Group);
            foreach (var (name, of) in Columns)
            {
                json.WriteNumber(name, of(sum));
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }
}
