using System.Buffers;
using System.Buffers.Binary;
using Tuppence.State.Ledger;

namespace Tuppence.State.Exports;

/// <summary>
/// Rows as Apache Parquet: flat, every column optional, a page a column and group, compressed with gzip, which every reader knows. What waits in
/// memory is one group of rows and, of those before, where their pages are.
/// </summary>
/// <remarks>Source: https://parquet.apache.org/docs/file-format/ and https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift.</remarks>
internal sealed class ParquetRows(Stream target) : IRowWriter
{
    private const int RowsOfGroup = 10_000;
    private const int BytesOfGroup = 16 * 1024 * 1024;
    private const int Optional = 1, Utf8 = 0, TimestampMicros = 10, Plain = 0, Rle = 3, Gzip = 2;

    private readonly ParquetColumn[] columns = [.. ExportColumns.All.Select(static column => new ParquetColumn(column))];
    private readonly List<Group> groups = [];
    private long position;
    private int waiting;

    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <inheritdoc/>
    public ValueTask BeginAsync(CancellationToken cancellation) => SendAsync(Magic.ToArray(), cancellation);

    /// <inheritdoc/>
    public ValueTask AddAsync(LedgerEntry entry, CancellationToken cancellation)
    {
        var size = 0;
        foreach (var column in columns)
        {
            column.Add(entry);
            size += column.Size;
        }

        return ++waiting < RowsOfGroup && size < BytesOfGroup ? ValueTask.CompletedTask : WriteGroupAsync(cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask EndAsync(CancellationToken cancellation)
    {
        if (waiting > 0)
        {
            await WriteGroupAsync(cancellation);
        }

        var footer = new ArrayBufferWriter<byte>();
        WriteFooter(new ThriftCompact(footer));
        var end = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(end, footer.WrittenCount);
        Magic.CopyTo(end.AsSpan(4));
        await SendAsync(footer.WrittenMemory, cancellation);
        await SendAsync(end, cancellation);
    }

    private async ValueTask WriteGroupAsync(CancellationToken cancellation)
    {
        var chunks = new Chunk[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            var (page, plain) = columns[i].TakePage();
            var head = new ArrayBufferWriter<byte>(32);
            new ThriftCompact(head).Begin()
                .I32(1, 0).I32(2, plain).I32(3, page.Length)
                .Begin(5).I32(1, waiting).I32(2, Plain).I32(3, Rle).I32(4, Rle).End()
                .End();
            chunks[i] = new Chunk(position, head.WrittenCount + plain, head.WrittenCount + page.Length);
            await SendAsync(head.WrittenMemory, cancellation);
            await SendAsync(page, cancellation);
        }

        groups.Add(new Group(waiting, chunks));
        waiting = 0;
    }

    private void WriteFooter(ThriftCompact thrift)
    {
        thrift.Begin().I32(1, 1).Structs(2, columns.Length + 1);
        thrift.Begin().Text(4, "ledger").I32(5, columns.Length).End();
        foreach (var column in columns)
        {
            thrift.Begin().I32(1, column.Type).I32(3, Optional).Text(4, column.Definition.Name);
            if (column.Definition.Text is not null)
            {
                thrift.I32(6, Utf8);
            }
            else if (column.Definition.Moment is not null)
            {
                thrift.I32(6, TimestampMicros);
            }

            thrift.End();
        }

        thrift.I64(3, groups.Sum(static group => (long)group.Rows)).Structs(4, groups.Count);
        foreach (var group in groups)
        {
            thrift.Begin().Structs(1, columns.Length);
            for (var i = 0; i < columns.Length; i++)
            {
                var chunk = group.Chunks[i];
                thrift.Begin().I64(2, chunk.Offset)
                    .Begin(3).I32(1, columns[i].Type).Numbers(2, Plain, Rle).Texts(3, columns[i].Definition.Name).I32(4, Gzip)
                    .I64(5, group.Rows).I64(6, chunk.Plain).I64(7, chunk.Compressed).I64(9, chunk.Offset).End()
                    .End();
            }

            thrift.I64(2, group.Chunks.Sum(static chunk => chunk.Plain)).I64(3, group.Rows).End();
        }

        thrift.Text(6, "Tuppence").End();
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await target.WriteAsync(bytes, cancellation);
        position += bytes.Length;
    }

    private sealed record Group(int Rows, Chunk[] Chunks);

    private sealed record Chunk(long Offset, long Plain, long Compressed);
}
