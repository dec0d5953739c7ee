using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>
/// Tells whether the program would make an image smaller: it does with more than 2,000 pixels a side, and with long data (seen in 2.1.330). It says so to the
/// model in a text of its own where the size in pixels changes.
/// </summary>
internal static class LargeImage
{
    private const int MostPixels = 2000;

    /// <summary>Characters of base64, of 512,000 bytes, above which an image is compressed anew.</summary>
    private const int MostCharacters = 682_668;

    // Enough for the head of a PNG, GIF or WebP; of a JPEG the frame is looked for in what is there.
    private const int Head = 64 * 1024;

    /// <summary>Judges an image's <c>source</c>.</summary>
    public static bool Is(ReadOnlySpan<byte> source)
    {
        if (!JsonText.TryMember(source, "data"u8, out var raw) || raw.Length < 2 || raw[0] != '"')
        {
            return false;
        }

        var data = raw[1..^1];
        if (data.Length > MostCharacters)
        {
            return true;
        }

        var encoded = data[..(Math.Min(data.Length, Head / 3 * 4) & ~3)];
        var bytes = ArrayPool<byte>.Shared.Rent(Head);
        try
        {
            Base64.DecodeFromUtf8(encoded, bytes, out _, out var length, isFinalBlock: encoded.Length == data.Length);
            var (width, height) = Size(bytes.AsSpan(0, length));
            return width > MostPixels || height > MostPixels;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Width and height in pixels of a PNG, GIF, WebP or JPEG; zeros where they cannot be seen.</summary>
    internal static (int Width, int Height) Size(ReadOnlySpan<byte> image)
    {
        if (image.Length >= 24 && image[0] == 0x89 && image[1..].StartsWith("PNG"u8))
        {
            return (BinaryPrimitives.ReadInt32BigEndian(image[16..]), BinaryPrimitives.ReadInt32BigEndian(image[20..]));
        }

        if (image.Length >= 10 && image.StartsWith("GIF8"u8))
        {
            return (BinaryPrimitives.ReadUInt16LittleEndian(image[6..]), BinaryPrimitives.ReadUInt16LittleEndian(image[8..]));
        }

        if (image.Length >= 30 && image.StartsWith("RIFF"u8) && image[8..].StartsWith("WEBP"u8))
        {
            return WebP(image[12..]);
        }

        return image.Length >= 4 && image[0] == 0xFF && image[1] == 0xD8 ? Jpeg(image) : default;
    }

    // https://developers.google.com/speed/webp/docs/riff_container (VP8X, VP8 and VP8L)
    private static (int Width, int Height) WebP(ReadOnlySpan<byte> chunk) => chunk[3] switch
    {
        (byte)'X' => (1 + (chunk[12] | chunk[13] << 8 | chunk[14] << 16), 1 + (chunk[15] | chunk[16] << 8 | chunk[17] << 16)),
        (byte)'L' => (1 + ((chunk[9] | chunk[10] << 8) & 0x3FFF), 1 + ((chunk[10] >> 6 | chunk[11] << 2 | chunk[12] << 10) & 0x3FFF)),
        _ => (BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(chunk[16..]) & 0x3FFF),
    };

    // ITU-T T.81 section B.2.2: a frame header is SOF0 to SOF15, but for DHT, JPG and DAC.
    private static (int Width, int Height) Jpeg(ReadOnlySpan<byte> image)
    {
        for (var at = 2; at + 9 < image.Length && image[at] == 0xFF;)
        {
            var marker = image[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return (BinaryPrimitives.ReadUInt16BigEndian(image[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(image[(at + 5)..]));
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(image[(at + 2)..]);
        }

        return default;
    }
}
