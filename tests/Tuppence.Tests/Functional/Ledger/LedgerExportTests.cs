using System.Text;
using System.Text.Json;
using CsCheck;
using Parquet;
using Parquet.Schema;
using Tuppence.State.Exports;
using Tuppence.State.Ledger;

namespace Tuppence.Tests.Functional.Ledger;

/// <summary>Exports, read by others than who wrote them.</summary>
public sealed class LedgerExportTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 22, 30, 0, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parquet_holds_every_value_for_an_independent_reader()
    {
        await using var ledger = new MemoryLedger(mostRows: 100_000);
        LedgerEntries.Any.Array[300].Single().DistinctBy(static row => row.Id).ToList().ForEach(ledger.Add);
        var rows = (await ledger.ReadAsync(new LedgerQuery { Limit = 10_000 }, Cancellation)).Entries;

        var columns = await ReadParquetAsync(await ExportAsync(ledger, ExportFormat.Parquet));
        Assert.Equal(ExportColumns.All.Select(static column => column.Name), columns.Keys);
        foreach (var column in ExportColumns.All)
        {
            Assert.Equal(
                rows.Select(row => column.Text is not null ? column.Text(row) : column.Moment is not null ? column.Moment(row).UtcDateTime : (object?)column.Number!(row)),
                columns[column.Name]);
        }
    }

    [Fact]
    public async Task Parquet_of_several_groups_is_whole()
    {
        await using var ledger = new MemoryLedger(mostRows: 100_000);
        for (var i = 0; i < 25_003; i++)
        {
            ledger.Add(LedgerEntries.Bare($"{i:D6}", Start.AddSeconds(i)));
        }

        var columns = await ReadParquetAsync(await ExportAsync(ledger, ExportFormat.Parquet));
        Assert.Equal(Enumerable.Range(0, 25_003).Reverse().Select(static i => (object?)$"{i:D6}"), columns["id"]);
        Assert.All(columns["model"], Assert.Null);
    }

    [Fact]
    public async Task Parquet_of_nothing_is_a_table_without_rows()
    {
        await using var ledger = new MemoryLedger();
        Assert.All((await ReadParquetAsync(await ExportAsync(ledger, ExportFormat.Parquet))).Values, static values => Assert.Empty(values));
    }

    [Fact]
    public async Task Json_lines_hold_every_value()
    {
        await using var ledger = new MemoryLedger();
        LedgerEntries.Any.Array[100].Single().DistinctBy(static row => row.Id).ToList().ForEach(ledger.Add);
        var rows = (await ledger.ReadAsync(new LedgerQuery { Limit = 10_000 }, Cancellation)).Entries;

        var lines = Encoding.UTF8.GetString((await ExportAsync(ledger, ExportFormat.JsonLines)).Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(rows.Count, lines.Length);
        foreach (var (line, row) in lines.Zip(rows))
        {
            using var document = JsonDocument.Parse(line);
            foreach (var column in ExportColumns.All)
            {
                var value = document.RootElement.GetProperty(column.Name);
                Assert.Equal(
                    column.Text is not null ? column.Text(row) : column.Moment is not null ? column.Moment(row) : (object?)column.Number!(row),
                    value.ValueKind switch
                    {
                        JsonValueKind.Null => null,
                        JsonValueKind.Number => value.GetInt64(),
                        _ => column.Moment is not null ? value.GetDateTimeOffset() : value.GetString(),
                    });
            }
        }
    }

    [Fact]
    public async Task Csv_holds_what_was_there_and_no_cell_is_a_formula()
    {
        await using var ledger = new MemoryLedger();
        ledger.Add(LedgerEntries.Bare("1", Start) with { Client = "=cmd|' /C calc'!A0", Model = "a \"quoted\", model", Preset = "two\r\nlines", Status = null });
        ledger.Add(LedgerEntries.Bare("0", Start.AddMinutes(-1)) with { Client = "plain", Cost = new EntryCost { Input = 1, CacheRead = 2, CacheWrite = 3, Output = 4, ServerTools = 5, WithoutCaching = 6 } });

        var rows = ReadCsv(Encoding.UTF8.GetString((await ExportAsync(ledger, ExportFormat.Csv)).Span));
        Assert.Equal(ExportColumns.All.Select(static column => column.Name), rows[0]);
        Assert.Equal(("1", "2026-11-01T22:30:00.000000Z", "'=cmd|' /C calc'!A0", "a \"quoted\", model", "two\r\nlines", ""), (Cell(1, "id"), Cell(1, "at"), Cell(1, "client"), Cell(1, "model"), Cell(1, "preset"), Cell(1, "status")));
        Assert.Equal(("0", "plain", "15", "6", "completed"), (Cell(2, "id"), Cell(2, "client"), Cell(2, "cost_total"), Cell(2, "cost_without_caching"), Cell(2, "outcome")));
        Assert.Equal(3, rows.Count);

        string Cell(int row, string column) => rows[row][rows[0].IndexOf(column)];
    }

    [Fact]
    public async Task It_keeps_to_the_query_and_to_the_number_of_rows_that_was_asked_for()
    {
        await using var ledger = new MemoryLedger(mostRows: 100_000);
        for (var i = 0; i < 3_000; i++)
        {
            ledger.Add(LedgerEntries.Bare($"{i:D6}", Start.AddSeconds(i)) with { Model = i % 2 == 0 ? "even" : "odd" });
        }

        using var target = new MemoryStream();
        Assert.Equal(1500, await LedgerExport.WriteAsync(ledger, new LedgerQuery { Model = "odd", Limit = 3 }, ExportFormat.Csv, target, cancellation: Cancellation));
        Assert.Equal(1201, await LedgerExport.WriteAsync(ledger, new LedgerQuery { Model = "odd" }, ExportFormat.Csv, target, 1201, Cancellation));
    }

    private static async Task<ReadOnlyMemory<byte>> ExportAsync(ILedger ledger, ExportFormat format)
    {
        using var target = new MemoryStream();
        await LedgerExport.WriteAsync(ledger, new LedgerQuery(), format, target, cancellation: Cancellation);
        return target.ToArray();
    }

    private static async Task<Dictionary<string, List<object?>>> ReadParquetAsync(ReadOnlyMemory<byte> bytes)
    {
        using var stream = new MemoryStream(bytes.ToArray());
        await using var reader = await ParquetReader.CreateAsync(stream, cancellationToken: Cancellation);
        var columns = reader.Schema.GetDataFields().ToDictionary(static field => field.Name, static _ => new List<object?>(), StringComparer.Ordinal);
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            foreach (var field in reader.Schema.GetDataFields())
            {
                columns[field.Name].AddRange(field.ClrType == typeof(DateTime) ? (await ValuesAsync<DateTime>(group, field)).Select(static moment => moment is { } known ? (object?)DateTime.SpecifyKind(known, DateTimeKind.Utc) : null)
                    : field.ClrType == typeof(long) ? (await ValuesAsync<long>(group, field)).Select(static value => (object?)value)
                    : await TextsAsync(group, field));
            }
        }

        return columns;
    }

    private static async Task<IEnumerable<object?>> TextsAsync(ParquetRowGroupReader group, DataField field)
    {
        var values = new string?[group.RowCount];
        await group.ReadAsync(field, values.AsMemory(), null, Cancellation);
        return values;
    }

    private static async Task<T?[]> ValuesAsync<T>(ParquetRowGroupReader group, DataField field)
        where T : struct
    {
        var values = new T?[group.RowCount];
        await group.ReadAsync<T>(field, values.AsMemory(), null, Cancellation);
        return values;
    }

    // RFC 4180, by another hand.
    private static List<List<string>> ReadCsv(string text)
    {
        var (rows, row, cell, quoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted)
            {
                if (text[i] != '"')
                {
                    cell.Append(text[i]);
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell.Append(text[i++]);
                }
                else
                {
                    quoted = false;
                }
            }
            else if (text[i] == '"')
            {
                quoted = true;
            }
            else if (text[i] is ',' or '\n')
            {
                row.Add(cell.ToString());
                cell.Clear();
                if (text[i] == '\n')
                {
                    rows.Add(row);
                    row = [];
                }
            }
            else if (text[i] != '\r')
            {
                cell.Append(text[i]);
            }
        }

        return rows;
    }
}
