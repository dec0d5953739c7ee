using System.Buffers;

namespace Tuppence.Upstreams.Http1;

/// <summary>Reads a response head (RFC 9112 sections 2.2, 4 and 5). Strict where leniency would give two readings.</summary>
internal static class ResponseHeadParser
{
    // RFC 9110 section 5.6.2.
    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // RFC 9110 section 5.5: no control characters but the tab.
    private static readonly SearchValues<byte> ForbiddenInValue =
        SearchValues.Create([0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    private const string AmbiguousFraming = "Content-Length or Transfer-Encoding is ambiguous";

    /// <summary>Length of the head with its blank line, or -1 where it is not whole yet.</summary>
    public static int FindEnd(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        return end < 0 ? -1 : end + 4;
    }

    /// <summary>Reads a whole head, as <see cref="FindEnd"/> found it, into <paramref name="head"/>. Null on success, else what is wrong.</summary>
    public static string? Parse(ReadOnlySpan<byte> bytes, ResponseHead head)
    {
        var lineEnd = bytes.IndexOf("\r\n"u8);
        var line = bytes[..lineEnd];
        var isHttp11 = line.StartsWith("HTTP/1.1 "u8);
        if (line.Length < 12 || !(isHttp11 || line.StartsWith("HTTP/1.0 "u8)) || (line.Length > 12 && line[12] != ' '))
        {
            return "the answer does not begin with an HTTP/1.1 status line";
        }

        if (line[9] is < (byte)'1' or > (byte)'9' || !char.IsAsciiDigit((char)line[10]) || !char.IsAsciiDigit((char)line[11]))
        {
            return "the status code is not a number of three digits";
        }

        var status = ((line[9] - '0') * 100) + ((line[10] - '0') * 10) + (line[11] - '0');
        head.Begin(status, line.Length > 13 ? line[13..] : default, closesByVersion: !isHttp11);
        for (var rest = bytes[(lineEnd + 2)..^2]; rest.Length > 0; rest = rest[(lineEnd + 2)..])
        {
            lineEnd = rest.IndexOf("\r\n"u8);
            if (ParseField(rest[..lineEnd], head) is { } wrong)
            {
                return wrong;
            }
        }

        // RFC 9112 section 6.3: both at once “ought to be handled as an error”.
        return head is { IsChunked: true, ContentLength: >= 0 } ? AmbiguousFraming : null;
    }

    private static string? ParseField(ReadOnlySpan<byte> line, ResponseHead head)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(TokenBytes))
        {
            return "a header line has no valid name";
        }

        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (value.ContainsAny(ForbiddenInValue))
        {
            return "a header value holds a control character";
        }

        return head.TryAdd(line[..colon], value) ? null : AmbiguousFraming;
    }
}
