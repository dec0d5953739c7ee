using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tuppence.State.Ledger;

namespace Tuppence.State.Exports;

/// <summary>Rows as JSON lines. What a row has not is null.</summary>
internal sealed class JsonRows(Stream target) : IRowWriter
{
    private const int Enough = 32 * 1024;

    private readonly ArrayBufferWriter<byte> bytes = new(Enough + 8192);

    /// <summary>A moment as the exports write it.</summary>
    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public ValueTask BeginAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask AddAsync(LedgerEntry entry, CancellationToken cancellation)
    {
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
        {
            json.WriteStartObject();
            foreach (var column in ExportColumns.All)
            {
                if (column.Text is { } text)
                {
                    json.WriteString(column.Name, text(entry));
                }
                else if (column.Moment is { } moment)
                {
                    json.WriteString(column.Name, Moment(moment(entry)));
                }
                else if (column.Number!(entry) is { } number)
                {
                    json.WriteNumber(column.Name, number);
                }
                else
                {
                    json.WriteNull(column.Name);
                }
            }

            json.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return bytes.WrittenCount < Enough ? ValueTask.CompletedTask : SendAsync(cancellation);
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(CancellationToken cancellation) => SendAsync(cancellation);

    private async ValueTask SendAsync(CancellationToken cancellation)
    {
        await target.WriteAsync(bytes.WrittenMemory, cancellation);
        bytes.ResetWrittenCount();
    }
}
