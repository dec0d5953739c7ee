using System.Buffers;
using System.Globalization;
using System.Text;
using Tuppence.State.Ledger;

namespace Tuppence.State.Exports;

/// <summary>Rows as comma-separated values (RFC 4180). A cell that a spreadsheet would take for a formula gets an apostrophe in front.</summary>
/// <remarks>On formulas: https://owasp.org/www-community/attacks/CSV_Injection. Names of clients and models are anybody's words.</remarks>
internal sealed class CsvRows(Stream target) : IRowWriter
{
    private const int Enough = 32 * 1024;

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");
    private static readonly SearchValues<char> Formula = SearchValues.Create("=+-@\t\r");

    private readonly StringBuilder text = new(Enough + 4096);

    /// <inheritdoc/>
    public ValueTask BeginAsync(CancellationToken cancellation)
    {
        text.AppendJoin(',', ExportColumns.All.Select(static column => column.Name)).Append("\r\n");
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask AddAsync(LedgerEntry entry, CancellationToken cancellation)
    {
        var isFirst = true;
        foreach (var column in ExportColumns.All)
        {
            if (!isFirst)
            {
                text.Append(',');
            }

            isFirst = false;
            if (column.Number is { } number)
            {
                text.Append(CultureInfo.InvariantCulture, $"{number(entry)}");
            }
            else if (column.Moment is { } moment)
            {
                text.Append(JsonRows.Moment(moment(entry)));
            }
            else if (column.Text!(entry) is { Length: > 0 } words)
            {
                text.Append(Cell(words));
            }
        }

        text.Append("\r\n");
        return text.Length < Enough ? ValueTask.CompletedTask : SendAsync(cancellation);
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(CancellationToken cancellation) => SendAsync(cancellation);

    /// <summary>A text as a cell.</summary>
    public static string Cell(string words)
    {
        var isFormula = words.Length > 0 && Formula.Contains(words[0]);
        return !isFormula && !words.AsSpan().ContainsAny(Quoted) ? words : $"\"{(isFormula ? "'" : "")}{words.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private async ValueTask SendAsync(CancellationToken cancellation)
    {
        await target.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
        text.Clear();
    }
}
