using System.IO.Compression;

namespace Tuppence.Exchange;

/// <summary>
/// Unpacks a copy of a compressed answer as its bytes pass, so that what it tells can be read while the client gets the bytes as they came.
/// Nothing is allocated but at the start. What cannot be unpacked is given up quietly: the answer itself is not concerned.
/// </summary>
internal sealed class Unpacking : IDisposable
{
    private readonly Given given;
    private readonly Stream unpacked;
    private readonly Taker taker;
    private readonly byte[] buffer = new byte[16 * 1024];
    private bool isGivenUp;

    private Unpacking(Given given, Stream unpacked, Taker taker) => (this.given, this.unpacked, this.taker) = (given, unpacked, taker);

    /// <summary>Takes unpacked bytes.</summary>
    public delegate void Taker(ReadOnlySpan<byte> bytes);

    /// <summary>Unpacks one coding (RFC 9110 section 8.4.1; br: RFC 7932); null for any other, and for several.</summary>
    /// <param name="coding">Value of <c>Content-Encoding</c>.</param>
    /// <param name="taker">Where the unpacked bytes go.</param>
    public static Unpacking? Of(string? coding, Taker taker)
    {
        var given = new Given();
        Stream? unpacked = coding?.Trim().ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(given, CompressionMode.Decompress),
            "deflate" => new ZLibStream(given, CompressionMode.Decompress),
            "br" => new BrotliStream(given, CompressionMode.Decompress),
            _ => null,
        };
        return unpacked is null ? null : new Unpacking(given, unpacked, taker);
    }

    /// <summary>Takes the next bytes of the answer.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        try
        {
            given.Give(bytes);
            while (!isGivenUp && unpacked.Read(buffer) is > 0 and var count)
            {
                taker(buffer.AsSpan(0, count));
            }
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or IOException)
        {
            isGivenUp = true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => unpacked.Dispose();

    /// <summary>Hands out what has been given so far, then nothing until more is given.</summary>
    private sealed class Given : Stream
    {
        private byte[] bytes = [];
        private int at;
        private int end;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void Give(ReadOnlySpan<byte> more)
        {
            if (at == end)
            {
                at = end = 0;
            }

            if (bytes.Length - end < more.Length)
            {
                Array.Resize(ref bytes, Math.Max(bytes.Length * 2, end + more.Length));
            }

            more.CopyTo(bytes.AsSpan(end));
            end += more.Length;
        }

        public override int Read(Span<byte> target)
        {
            var count = Math.Min(target.Length, end - at);
            bytes.AsSpan(at, count).CopyTo(target);
            at += count;
            return count;
        }

        public override int Read(byte[] target, int offset, int count) => Read(target.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] source, int offset, int count) => throw new NotSupportedException();
    }
}
