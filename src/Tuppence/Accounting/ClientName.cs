namespace Tuppence.Accounting;

/// <summary>A client as its <c>User-Agent</c> names it first: product and version (RFC 9110 section 10.1.5).</summary>
internal static class ClientName
{
    /// <summary>Longest name; of a longer one the beginning.</summary>
    public const int Longest = 64;

    /// <summary>The first product of the header, visible ASCII characters only; null where there is none.</summary>
    public static string? Of(string? userAgent)
    {
        var text = userAgent.AsSpan().Trim();
        text = text.IndexOf(' ') is >= 0 and var end ? text[..end] : text;
        Span<char> kept = stackalloc char[Longest];
        var length = 0;
        foreach (var c in text)
        {
            if (c is > ' ' and < (char)0x7F && length < Longest)
            {
                kept[length++] = c;
            }
        }

        return length == 0 ? null : new string(kept[..length]);
    }
}
