using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Tuppence.Thrift.Traces;

namespace Tuppence.Commands.Replays;

/// <summary>Writes planned requests in their order as JSON lines <c>{"t","request"}</c>, each request in full; zipped where the file's name ends in <c>.gz</c>.</summary>
internal sealed class PlannedRequests : IDisposable
{
    private readonly Stream stream;
    private readonly string head;

    /// <summary>Begins a file, or goes on with it.</summary>
    /// <param name="path">Where.</param>
    /// <param name="trace">The trace's name, written as a member <c>trace</c> into every line; null where the file holds one trace only.</param>
    /// <param name="append">Whether the file goes on.</param>
    public PlannedRequests(string path, string? trace, bool append)
    {
        var file = new FileStream(path, append ? FileMode.Append : FileMode.Create, FileAccess.Write);
        stream = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : new BufferedStream(file, 1 << 16);
        head = trace is null ? "{\"t\":" : $"{{\"trace\":\"{JsonEncodedText.Encode(trace)}\",\"t\":";
    }

    /// <summary>Writes one.</summary>
    /// <param name="request">Says when it is sent.</param>
    /// <param name="body">The request as planned.</param>
    public void Write(TraceRequest request, ReadOnlyMemory<byte> body)
    {
        var seconds = (request.At - DateTimeOffset.UnixEpoch).TotalSeconds;
        stream.Write(Encoding.UTF8.GetBytes(head + seconds.ToString("R", CultureInfo.InvariantCulture) + ",\"request\":"));
        stream.Write(body.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0 ? body.Span : OnOneLine(body));
        stream.Write("}\n"u8);
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    // Between the tokens of JSON a line break is white space like any other; inside of strings it is always escaped.
    private static byte[] OnOneLine(ReadOnlyMemory<byte> body)
    {
        var line = body.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }
}
