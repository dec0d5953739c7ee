namespace Tuppence.Upstreams.Http1;

/// <summary>Takes chunked framing off a response body (RFC 9112 section 7.1), any split of the bytes, without a copy.</summary>
/// <remarks>Chunk extensions and trailers are read over: RFC 9110 section 6.5.1 lets a gateway drop both.</remarks>
internal struct ChunkedDecoder
{
    // A size line with extensions, or the trailers, may not be longer than this: more is an attack, not an answer.
    private const int MaxOverheadBytes = 64 * 1024;

    private State state;
    private long left;
    private int overhead;
    private bool sawDigit;
    private bool lineHasContent;

    private enum State
    {
        Size,
        Extension,
        SizeLineFeed,
        Payload,
        PayloadReturn,
        PayloadLineFeed,
        Trailer,
        TrailerLineFeed,
        Done,
    }

    /// <summary>True after the last chunk and its trailers.</summary>
    public readonly bool IsDone => state == State.Done;

    /// <summary>
    /// Moves past framing and yields the next run of payload. <paramref name="consumed"/> counts framing and payload together;
    /// an empty run with nothing left of <paramref name="bytes"/> asks for more. False: the framing is broken.
    /// </summary>
    public bool TryNext(ReadOnlySpan<byte> bytes, out int consumed, out ReadOnlySpan<byte> payload)
    {
        consumed = 0;
        payload = default;
        while (consumed < bytes.Length && state != State.Done)
        {
            if (state == State.Payload)
            {
                var length = (int)Math.Min(left, bytes.Length - consumed);
                payload = bytes.Slice(consumed, length);
                consumed += length;
                left -= length;
                if (left == 0)
                {
                    state = State.PayloadReturn;
                }

                return true;
            }

            if (!TryFraming(bytes[consumed++]))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryFraming(byte b)
    {
        switch (state)
        {
            case State.Size when HexValue(b) is >= 0 and var digit:
                sawDigit = true;
                left = (left << 4) | (uint)digit;
                return left >= 0 && left <= long.MaxValue >> 5;
            case State.Size when sawDigit && b is (byte)'\r' or (byte)';' or (byte)' ' or (byte)'\t':
                state = b == '\r' ? State.SizeLineFeed : State.Extension;
                return sawDigit;
            case State.Extension when b is not (byte)'\n' && ++overhead < MaxOverheadBytes:
                state = b == '\r' ? State.SizeLineFeed : State.Extension;
                return true;
            case State.SizeLineFeed when b == '\n':
                state = left == 0 ? State.Trailer : State.Payload;
                (overhead, sawDigit, lineHasContent) = (0, false, false);
                return true;
            case State.PayloadReturn when b == '\r':
                state = State.PayloadLineFeed;
                return true;
            case State.PayloadLineFeed when b == '\n':
                state = State.Size;
                return true;
            case State.Trailer when b is not (byte)'\n' && ++overhead < MaxOverheadBytes:
                state = b == '\r' ? State.TrailerLineFeed : State.Trailer;
                lineHasContent |= b != '\r';
                return true;
            case State.TrailerLineFeed when b == '\n':
                state = lineHasContent ? State.Trailer : State.Done;
                lineHasContent = false;
                return true;
            default:
                return false;
        }
    }

    private static int HexValue(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
        _ => -1,
    };
}
