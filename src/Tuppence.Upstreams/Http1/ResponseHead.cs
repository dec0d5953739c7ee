using System.Text;

namespace Tuppence.Upstreams.Http1;

/// <summary>Status and header lines of a response. One object serves a connection for its whole life.</summary>
public sealed class ResponseHead
{
    private HeaderLine[] lines = new HeaderLine[32];

    /// <summary>Status code, 200 to 599.</summary>
    public int Status { get; private set; }

    /// <summary>Reason phrase as sent; may be empty.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>Header lines in the order of the wire.</summary>
    public ReadOnlySpan<HeaderLine> Lines => lines.AsSpan(0, Count);

    /// <summary>Length of the body, or -1 where the head does not say.</summary>
    public long ContentLength { get; private set; }

    /// <summary>True for <c>text/event-stream</c>.</summary>
    public bool IsEventStream { get; private set; }

    /// <summary>True where the body is compressed, so that nothing can be added to it.</summary>
    public bool IsEncoded { get; private set; }

    internal bool IsChunked { get; private set; }

    internal bool ClosesConnection { get; private set; }

    private int Count { get; set; }

    /// <summary>Value of the first line of that name, or null.</summary>
    public string? Find(string name)
    {
        foreach (ref readonly var line in Lines)
        {
            if (line.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return line.Value;
            }
        }

        return null;
    }

    internal void Begin(int status, ReadOnlySpan<byte> reason, bool closesByVersion)
    {
        (Status, Count, ContentLength) = (status, 0, -1);
        (IsEventStream, IsEncoded, IsChunked, ClosesConnection) = (false, false, false, closesByVersion);
        Reason = Reuse(reason, Reason);
    }

    /// <summary>Adds a line; false where it makes the framing ambiguous (RFC 9112 sections 6.1 and 6.3).</summary>
    internal bool TryAdd(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (Count == lines.Length)
        {
            Array.Resize(ref lines, lines.Length * 2);
        }

        ref var line = ref lines[Count++];
        line = new HeaderLine(Reuse(name, line.Name), Reuse(value, line.Value));
        switch (line.Name.Length)
        {
            case 10 when Is(line.Name, "Connection"):
                ClosesConnection |= line.Value.Contains("close", StringComparison.OrdinalIgnoreCase);
                return true;
            case 12 when Is(line.Name, "Content-Type"):
                IsEventStream = line.Value.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);
                return true;
            case 14 when Is(line.Name, "Content-Length"):
                return TryContentLength(line.Value);
            case 16 when Is(line.Name, "Content-Encoding"):
                IsEncoded |= !Is(line.Value, "identity");
                return true;
            case 17 when Is(line.Name, "Transfer-Encoding"):
                IsChunked = !IsChunked && Is(line.Value, "chunked");
                return IsChunked;
            default:
                return true;
        }
    }

    private static bool Is(string text, string expected) => text.Equals(expected, StringComparison.OrdinalIgnoreCase);

    private bool TryContentLength(string value)
    {
        // Signs and white space inside are not digits; two lengths that differ make two readings of one answer.
        if (value.AsSpan().ContainsAnyExceptInRange('0', '9') || !long.TryParse(value, out var length))
        {
            return false;
        }

        if (ContentLength >= 0)
        {
            // The same again says nothing, and one line is all that may go on (RFC 9112 section 6.3).
            Count--;
            return ContentLength == length;
        }

        ContentLength = length;
        return true;
    }

    /// <summary>The previous answer's string where the bytes are the same, as they mostly are on one connection.</summary>
    private static string Reuse(ReadOnlySpan<byte> bytes, string? previous) =>
        previous is not null && Ascii.Equals(bytes, previous) ? previous : Encoding.Latin1.GetString(bytes);
}
