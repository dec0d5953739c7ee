using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Text;
using Tuppence.State.Ledger;

namespace Tuppence.State.Exports;

/// <summary>The values of a column while a row group comes together: which rows have one, and the values one after another (encoding PLAIN).</summary>
/// <remarks>Source: https://parquet.apache.org/docs/file-format/data-pages/encodings/.</remarks>
internal sealed class ParquetColumn(ExportColumn column)
{
    private readonly ArrayBufferWriter<byte> values = new();
    private readonly List<bool> present = [];

    /// <summary>Its definition.</summary>
    public ExportColumn Definition => column;

    /// <summary>Physical type: INT64 is 2, BYTE_ARRAY 6.</summary>
    public int Type => column.Text is null ? 2 : 6;

    /// <summary>Bytes held.</summary>
    public int Size => values.WrittenCount;

    /// <summary>Adds the value of a row.</summary>
    public void Add(LedgerEntry entry)
    {
        if (column.Text is not null)
        {
            var text = column.Text(entry);
            present.Add(text is not null);
            if (text is not null)
            {
                var length = Encoding.UTF8.GetByteCount(text);
                var span = values.GetSpan(4 + length);
                BinaryPrimitives.WriteInt32LittleEndian(span, length);
                Encoding.UTF8.GetBytes(text, span[4..]);
                values.Advance(4 + length);
            }

            return;
        }

        var number = column.Moment is { } moment ? LedgerTime.Of(moment(entry)) : column.Number!(entry);
        present.Add(number is not null);
        if (number is { } value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(values.GetSpan(8), value);
            values.Advance(8);
        }
    }

    /// <summary>The page of what was added, compressed, with its size before; the column is empty then.</summary>
    public (byte[] Compressed, int Plain) TakePage()
    {
        var levels = Levels();
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(levels);
            gzip.Write(values.WrittenSpan);
        }

        var plain = levels.Length + values.WrittenCount;
        values.ResetWrittenCount();
        present.Clear();
        return (compressed.ToArray(), plain);
    }

    // One bit a row, in the hybrid of runs and packed bits: a single packed run, in groups of eight, behind its length.
    private byte[] Levels()
    {
        var groups = (present.Count + 7) / 8;
        var header = ((uint)groups << 1) | 1;
        var headerBytes = Math.Max(1, (BitOperations.Log2(header) / 7) + 1);
        var bytes = new byte[4 + headerBytes + groups];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, headerBytes + groups);
        for (var i = 0; i < headerBytes; i++)
        {
            bytes[4 + i] = (byte)((header >> (7 * i)) & 0x7f | (i < headerBytes - 1 ? 0x80u : 0));
        }

        for (var row = 0; row < present.Count; row++)
        {
            if (present[row])
            {
                bytes[4 + headerBytes + (row / 8)] |= (byte)(1 << (row % 8));
            }
        }

        return bytes;
    }
}
