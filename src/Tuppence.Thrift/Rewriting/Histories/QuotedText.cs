using System.Buffers;
using Tuppence.Thrift.Rewriting.Texts;

namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>Finds a message that another text quotes word for word, as recalled memories do: "Name: what was said", each in lines of its own.</summary>
/// <remarks>Texts are contents of JSON strings. Front ends make one of several line breaks where they quote, so that is done before looking.</remarks>
internal static class QuotedText
{
    private const int Shortest = 8;
    private const int Long = 32;
    private const int LongestName = 80;

    private static ReadOnlySpan<byte> Break => "\\n"u8;

    /// <summary>The text with one line break for several, and without white space at its ends.</summary>
    public static byte[] Normal(ReadOnlySpan<byte> text)
    {
        var all = new ArrayBufferWriter<byte>(text.Length);
        var lines = new List<TextUnit>();
        TextCutter.Paragraphs(text, new(0, text.Length), lines);
        for (var i = 0; i < lines.Count; i++)
        {
            all.Write(i > 0 ? Break : default);
            all.Write(lines[i].Text.Of(text));
        }

        return all.WrittenSpan.ToArray();
    }

    /// <summary>Whether a text quotes another one; both as <see cref="Normal"/> makes them. A text that begins with the other one does not quote it.</summary>
    public static bool Quotes(ReadOnlySpan<byte> text, ReadOnlySpan<byte> other)
    {
        if (other.Length < Shortest)
        {
            return false;
        }

        for (var from = 1; from + other.Length <= text.Length;)
        {
            var at = text[from..].IndexOf(other);
            if (at < 0)
            {
                return false;
            }

            at += from;
            if (BeginsThere(text[..at]) && EndsThere(text[(at + other.Length)..], other.Length >= Long))
            {
                return true;
            }

            from = at + 1;
        }

        return false;
    }

    private static bool BeginsThere(ReadOnlySpan<byte> before)
    {
        var line = before[(before.LastIndexOf(Break) is >= 0 and var at ? at + Break.Length : 0)..];
        return line.Length == 0 ? before.Length > 0 : line.Length <= LongestName && (line.EndsWith(": "u8) || line.EndsWith(">"u8));
    }

    private static bool EndsThere(ReadOnlySpan<byte> behind, bool isLong) =>
        behind.IsEmpty || behind.StartsWith(Break) || behind[0] == '<' || (isLong && !char.IsAsciiLetterOrDigit((char)behind[0]) && behind[0] is < 0x80 and not (byte)' ');
}
