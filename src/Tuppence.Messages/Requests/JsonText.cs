using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tuppence.Messages.Requests;

/// <summary>Reads and writes single JSON values that are already known to be well formed.</summary>
internal static class JsonText
{
    /// <summary>Whether the string <paramref name="raw"/> (with quotes, escapes as written) means the ASCII text <paramref name="text"/>.</summary>
    public static bool Means(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text)
    {
        if (raw.Length < 2 || raw[0] != '"')
        {
            return false;
        }

        var content = raw[1..^1];
        return content.Length == text.Length
            ? content.SequenceEqual(text)
            : content.Length > text.Length && content.Contains((byte)'\\') && BeginsUnescaped(content, text, whole: true);
    }

    /// <summary>Whether the string <paramref name="raw"/> begins with the ASCII text <paramref name="text"/>.</summary>
    public static bool Begins(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text) =>
        raw.Length >= 2 && raw[0] == '"' && (raw[1..^1].StartsWith(text) || BeginsUnescaped(raw[1..^1], text, whole: false));

    /// <summary>Whether the string says nothing: empty, or white space and its escapes alone.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> raw)
    {
        var content = raw[1..^1];
        while (!content.IsEmpty)
        {
            var c = NextChar(ref content);
            if (c is not (' ' or '\t' or '\n' or '\r' or '\f' or '\v'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The text that the string means. Invalid UTF-8 becomes U+FFFD; lone surrogates stay.</summary>
    public static string Decode(ReadOnlySpan<byte> raw)
    {
        var content = raw[1..^1];
        if (!content.Contains((byte)'\\'))
        {
            return Encoding.UTF8.GetString(content);
        }

        var text = new StringBuilder(content.Length);
        while (!content.IsEmpty)
        {
            var plain = content.IndexOf((byte)'\\');
            plain = plain < 0 ? content.Length : plain;
            text.Append(Encoding.UTF8.GetString(content[..plain]));
            content = content[plain..];
            if (!content.IsEmpty)
            {
                text.Append((char)NextChar(ref content));
            }
        }

        return text.ToString();
    }

    /// <summary>Bytes of UTF-8 that the string means, without decoding it; a lone surrogate counts as the three of U+FFFD.</summary>
    public static int Utf8Length(ReadOnlySpan<byte> raw)
    {
        var content = raw[1..^1];
        var length = 0;
        while (true)
        {
            var plain = content.IndexOf((byte)'\\');
            if (plain < 0)
            {
                return length + content.Length;
            }

            length += plain;
            content = content[plain..];
            var c = NextChar(ref content);
            if (char.IsHighSurrogate((char)c) && content.StartsWith("\\u"u8) && IsLowSurrogate(content))
            {
                NextChar(ref content);
                length += 4;
            }
            else
            {
                length += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
            }
        }
    }

    private static bool IsLowSurrogate(ReadOnlySpan<byte> content) => char.IsLowSurrogate((char)NextChar(ref content));

    /// <summary>The number that <paramref name="raw"/> means, as a double; false where it is no number.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> raw, out double value) =>
        Utf8Parser.TryParse(raw, out value, out var used) && used == raw.Length;

    /// <summary>The whole number that <paramref name="raw"/> means; false where it is none or beyond 64 bits.</summary>
    public static bool TryInteger(ReadOnlySpan<byte> raw, out long value)
    {
        if (Utf8Parser.TryParse(raw, out value, out var used) && used == raw.Length)
        {
            return true;
        }

        value = 0;
        if (!TryNumber(raw, out var number) || number != Math.Floor(number) || Math.Abs(number) > 1L << 53)
        {
            return false;
        }

        value = (long)number;
        return true;
    }

    /// <summary>The value of a member of the object <paramref name="json"/>; of several of one name the last counts.</summary>
    public static bool TryMember(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        var cursor = new JsonCursor(json, JsonCursor.DeepestNesting);
        if (cursor.Next() != '{' || !cursor.Enter())
        {
            return false;
        }

        var found = false;
        for (var first = true; cursor.NextMember(ref first, out var member);)
        {
            var start = cursor.At;
            if (!cursor.SkipValue())
            {
                return false;
            }

            if (Means(member.Of(json), name))
            {
                value = json[start..cursor.At];
                found = true;
            }
        }

        return found;
    }

    /// <summary>The object <paramref name="json"/> with each member called <paramref name="name"/> replaced by one with the given value, or without it where that is empty.</summary>
    public static byte[] WithMember(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var output = new List<byte>(json.Length + name.Length + value.Length + 4) { (byte)'{' };
        var cursor = new JsonCursor(json, JsonCursor.DeepestNesting);
        if (cursor.Next() == '{' && cursor.Enter())
        {
            for (var first = true; cursor.NextMember(ref first, out var member);)
            {
                var start = cursor.At;
                cursor.SkipValue();
                if (!Means(member.Of(json), name))
                {
                    output.AddRange(output.Count > 1 ? ","u8 : default);
                    output.AddRange(member.Of(json));
                    output.Add((byte)':');
                    output.AddRange(json[start..cursor.At]);
                }
            }
        }

        if (!value.IsEmpty)
        {
            output.AddRange(output.Count > 1 ? ",\""u8 : "\""u8);
            output.AddRange(name);
            output.AddRange("\":"u8);
            output.AddRange(value);
        }

        output.Add((byte)'}');
        return [.. output];
    }

    /// <summary>A JSON string with its quotes; people's letters are not escaped.</summary>
    public static byte[] Quote(string text)
    {
        var encoded = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        return [(byte)'"', .. encoded.EncodedUtf8Bytes, (byte)'"'];
    }

    /// <summary>A whole number as JSON.</summary>
    public static byte[] Number(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static bool BeginsUnescaped(ReadOnlySpan<byte> content, ReadOnlySpan<byte> text, bool whole)
    {
        foreach (var wanted in text)
        {
            if (content.IsEmpty || NextChar(ref content) != wanted)
            {
                return false;
            }
        }

        return !whole || content.IsEmpty;
    }

    /// <summary>Takes one character or escape; bytes of a multi-byte character come singly.</summary>
    private static int NextChar(ref ReadOnlySpan<byte> content)
    {
        if (content[0] != '\\' || content.Length < 2)
        {
            var b = content[0];
            content = content[1..];
            return b;
        }

        var escape = content[1];
        if (escape == 'u' && content.Length >= 6 && Utf8Parser.TryParse(content[2..6], out ushort code, out _, 'x'))
        {
            content = content[6..];
            return code;
        }

        content = content[2..];
        return escape switch
        {
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => escape,
        };
    }
}
