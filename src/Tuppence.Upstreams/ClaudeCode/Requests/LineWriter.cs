using System.Buffers;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>Writes one line of JSON. Values that the client wrote keep their bytes, but for what would end the line.</summary>
/// <remarks>
/// Between JSON's tokens lines may end; they become spaces. U+2028 and U+2029 may stand in strings as they are, but end a line for some
/// readers of lines: they become escapes of the same meaning.
/// </remarks>
internal readonly ref struct LineWriter(IBufferWriter<byte> output)
{
    private const int Piece = 32 * 1024;

    private static readonly SearchValues<byte> Special = SearchValues.Create("\n\r\u2028"u8[..3]);
    private static readonly SearchValues<byte> Quoted = SearchValues.Create("\n\r\t\"\\\u2028"u8[..6]);

    /// <summary>Writes our own JSON.</summary>
    public void Own(ReadOnlySpan<byte> json) => output.Write(json);

    /// <summary>Writes a value as the client wrote it.</summary>
    public void Value(ReadOnlySpan<byte> json)
    {
        while (!json.IsEmpty)
        {
            var plain = json.IndexOfAny(Special);
            plain = plain < 0 ? json.Length : plain;
            Plain(json[..plain]);
            json = json[plain..];
            if (json.IsEmpty)
            {
                return;
            }

            if (IsSeparator(json))
            {
                output.Write(json[2] == 0xA8 ? "\\u2028"u8 : "\\u2029"u8);
                json = json[3..];
                continue;
            }

            output.Write(json[0] == 0xE2 ? json[..1] : " "u8);
            json = json[1..];
        }
    }

    /// <summary>Writes JSON as the content of a string, without the string's quotes.</summary>
    public void Nested(ReadOnlySpan<byte> json)
    {
        while (!json.IsEmpty)
        {
            var plain = json.IndexOfAny(Quoted);
            plain = plain < 0 ? json.Length : plain;
            Plain(json[..plain]);
            json = json[plain..];
            if (json.IsEmpty)
            {
                return;
            }

            if (IsSeparator(json))
            {
                output.Write(json[2] == 0xA8 ? "\\\\u2028"u8 : "\\\\u2029"u8);
                json = json[3..];
                continue;
            }

            output.Write(json[0] switch { (byte)'"' => "\\\""u8, (byte)'\\' => "\\\\"u8, 0xE2 => json[..1], _ => " "u8 });
            json = json[1..];
        }
    }

    // In pieces: a long text needs no buffer of its own length.
    private void Plain(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > Piece)
        {
            output.Write(bytes[..Piece]);
            bytes = bytes[Piece..];
        }

        output.Write(bytes);
    }

    private static bool IsSeparator(ReadOnlySpan<byte> json) => json.Length >= 3 && json[0] == 0xE2 && json[1] == 0x80 && json[2] is (0xA8 or 0xA9);
}
