namespace Tuppence.Messages.Requests;

/// <summary>The grammar of JSON numbers.</summary>
internal static class JsonNumber
{
    /// <summary>Length of the number (RFC 8259 section 6); 0 where none begins, negative where it breaks off after as many bytes.</summary>
    public static int Length(ReadOnlySpan<byte> text)
    {
        var i = text[0] == '-' ? 1 : 0;
        var digits = Digits(text, i);
        if (digits == 0 || (digits > 1 && text[i] == '0'))
        {
            return i == 0 && digits == 0 ? 0 : -Math.Max(i, 1);
        }

        i += digits;
        if (i < text.Length && text[i] == '.')
        {
            digits = Digits(text, ++i);
            if (digits == 0)
            {
                return -i;
            }

            i += digits;
        }

        if (i < text.Length && (text[i] | 0x20) == 'e')
        {
            i++;
            i += i < text.Length && text[i] is (byte)'+' or (byte)'-' ? 1 : 0;
            digits = Digits(text, i);
            if (digits == 0)
            {
                return -i;
            }

            i += digits;
        }

        return i;
    }

    private static int Digits(ReadOnlySpan<byte> text, int at)
    {
        var end = at;
        while (end < text.Length && (uint)(text[end] - '0') <= 9)
        {
            end++;
        }

        return end - at;
    }
}
