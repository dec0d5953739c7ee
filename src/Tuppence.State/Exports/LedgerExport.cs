using System.Runtime.CompilerServices;
using Tuppence.State.Ledger;

namespace Tuppence.State.Exports;

/// <summary>Writes rows of a ledger to a stream, in pages: memory does not grow with their number, and no lock is held between two pages.</summary>
public static class LedgerExport
{
    private const int Page = 1_000;

    /// <summary>Media type of a format.</summary>
    public static string MediaTypeOf(ExportFormat format) => format switch
    {
        ExportFormat.Csv => "text/csv; charset=utf-8",
        ExportFormat.JsonLines => "application/jsonl; charset=utf-8",
        _ => "application/vnd.apache.parquet",
    };

    /// <summary>The ending of a file of a format, without a dot.</summary>
    public static string EndingOf(ExportFormat format) => format switch
    {
        ExportFormat.Csv => "csv",
        ExportFormat.JsonLines => "jsonl",
        _ => "parquet",
    };

    /// <summary>Writes, newest first; gives the number of rows.</summary>
    /// <param name="ledger">Whose rows.</param>
    /// <param name="query">Which. Its <see cref="LedgerQuery.Limit"/> does not count here.</param>
    /// <param name="format">In which form.</param>
    /// <param name="target">Where to. It is neither sought in nor closed.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="cancellation">Gives up; what was written stays.</param>
    public static async Task<long> WriteAsync(
        ILedgerReader ledger, LedgerQuery query, ExportFormat format, Stream target, long most = long.MaxValue, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(query);
        IRowWriter writer = format switch
        {
            ExportFormat.Csv => new CsvRows(target),
            ExportFormat.JsonLines => new JsonRows(target),
            _ => new ParquetRows(target),
        };
        var count = 0L;
        await writer.BeginAsync(cancellation);
        await foreach (var entry in RowsAsync(ledger, query, most, cancellation))
        {
            count++;
            await writer.AddAsync(entry, cancellation);
        }

        await writer.EndAsync(cancellation);
        return count;
    }

    /// <summary>All rows of a query, newest first.</summary>
    public static async IAsyncEnumerable<LedgerEntry> RowsAsync(
        ILedgerReader ledger, LedgerQuery query, long most = long.MaxValue, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(query);
        var before = query.Before;
        while (most > 0)
        {
            var page = await ledger.ReadAsync(query with { Before = before, Limit = (int)Math.Min(Page, most) }, cancellation);
            foreach (var entry in page.Entries)
            {
                yield return entry;
            }

            most -= page.Entries.Count;
            if ((before = page.Next) is null)
            {
                yield break;
            }
        }
    }
}
