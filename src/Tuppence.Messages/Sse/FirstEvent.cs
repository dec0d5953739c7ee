using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Sse;

/// <summary>Judges how an event stream begins, so that a request which was refused in its first event can still go elsewhere.</summary>
/// <remarks>
/// A stream is taken for good as soon as its first line is known not to begin an error event; nothing more is waited for. A comment or a
/// ping begins a good stream too: whoever sends one wants the client to have it now.
/// </remarks>
public static class FirstEvent
{
    /// <summary>More than this is not held back for a verdict: an error event is small.</summary>
    public const int MostBytes = 16 * 1024;

    /// <summary>The verdict on <paramref name="stream"/>, the bytes of the stream so far from its first.</summary>
    public static FirstEventVerdict Judge(ReadOnlySpan<byte> stream)
    {
        if (stream.Length > MostBytes)
        {
            return FirstEventVerdict.Good;
        }

        var rest = stream.StartsWith("\uFEFF"u8) ? stream[3..] : stream;
        rest = rest.TrimStart("\r\n"u8);
        var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
        {
            return CanBeError(rest) ? FirstEventVerdict.Open : FirstEventVerdict.Good;
        }

        var isNamed = IsNamedError(rest[..end]);
        if (!isNamed && !rest.StartsWith("data:"u8))
        {
            return FirstEventVerdict.Good;
        }

        if (DataOf(rest) is not { IsEmpty: false } data)
        {
            return HasEnded(rest) ? FirstEventVerdict.Good : FirstEventVerdict.Open;
        }

        return isNamed || (JsonText.TryMember(data, "type"u8, out var type) && JsonText.Means(type, "error"u8))
            ? IsClientsFault(data) ? FirstEventVerdict.Good : FirstEventVerdict.Error
            : FirstEventVerdict.Good;
    }

    private static bool CanBeError(ReadOnlySpan<byte> line) =>
        "event: error"u8.StartsWith(line) || "event:error"u8.StartsWith(line) || "data:"u8.StartsWith(line) || line.StartsWith("data:"u8);

    private static bool IsNamedError(ReadOnlySpan<byte> line) => line.SequenceEqual("event: error"u8) || line.SequenceEqual("event:error"u8);

    private static bool HasEnded(ReadOnlySpan<byte> text) => EndOf(text) >= 0;

    private static int EndOf(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf("\n\n"u8);
        end = end >= 0 ? end : text.IndexOf("\r\n\r\n"u8);
        return end >= 0 ? end : text.IndexOf("\r\r"u8);
    }

    /// <summary>The first data line of the first event once it is whole; else empty.</summary>
    private static ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> text)
    {
        text = EndOf(text) is >= 0 and var ended ? text[..(ended + 1)] : text;
        for (int end; (end = text.IndexOfAny((byte)'\r', (byte)'\n')) >= 0; text = text[(end + 1)..])
        {
            if (text.StartsWith("data:"u8))
            {
                return text[5..end].Trim((byte)' ');
            }
        }

        return default;
    }

    // What another upstream would refuse as well. Source: https://platform.claude.com/docs/en/api/errors (2026-11-20).
    private static bool IsClientsFault(ReadOnlySpan<byte> data) =>
        JsonText.TryMember(data, "error"u8, out var error) && error[0] == '{' && JsonText.TryMember(error, "type"u8, out var type)
        && (JsonText.Means(type, "invalid_request_error"u8) || JsonText.Means(type, "authentication_error"u8) || JsonText.Means(type, "permission_error"u8)
            || JsonText.Means(type, "not_found_error"u8) || JsonText.Means(type, "request_too_large"u8) || JsonText.Means(type, "billing_error"u8));
}
