namespace Tuppence.Upstreams.Http1;

/// <summary>Takes a response body's payload out of received bytes by its framing (RFC 9112 section 6.3).</summary>
internal struct ResponseBody
{
    private BodyFraming framing;
    private long remaining;
    private ChunkedDecoder chunked;

    /// <summary>True once the body has ended as its framing says.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>True where only the end of the connection ends the body.</summary>
    public readonly bool EndsWithConnection => framing == BodyFraming.UntilClose;

    /// <summary>The body that follows <paramref name="head"/>.</summary>
    public static ResponseBody After(ResponseHead head, bool isHeadRequest) => new()
    {
        remaining = head.ContentLength,
        framing = isHeadRequest || head.Status is 204 or 304 ? BodyFraming.None
            : head.IsChunked ? BodyFraming.Chunked
            : head.ContentLength >= 0 ? BodyFraming.Length
            : BodyFraming.UntilClose,
    };

    /// <summary>Finds the next run of payload; <paramref name="consumed"/> counts its framing too. Never <see cref="BodyStep.End"/> with a run.</summary>
    public BodyStep Next(ReadOnlySpan<byte> bytes, out int consumed, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        consumed = 0;
        switch (framing)
        {
            case BodyFraming.Chunked:
                if (!chunked.TryNext(bytes, out consumed, out payload))
                {
                    return BodyStep.Fault;
                }

                IsWhole = chunked.IsDone;
                break;
            case BodyFraming.Length:
                payload = bytes[..(int)Math.Min(remaining, bytes.Length)];
                consumed = payload.Length;
                remaining -= consumed;
                IsWhole = remaining == 0;
                break;
            case BodyFraming.UntilClose:
                payload = bytes;
                consumed = bytes.Length;
                break;
            default:
                IsWhole = true;
                break;
        }

        return payload.Length > 0 ? BodyStep.Payload : IsWhole ? BodyStep.End : BodyStep.NeedsMore;
    }

    /// <summary>The connection has ended: true where that ends the body in order.</summary>
    public bool EndOfConnection()
    {
        IsWhole |= EndsWithConnection;
        return IsWhole;
    }
}
