using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Prompts;

/// <summary>
/// The fixed count of the cache benchmark: a token for each 3.6 bytes of UTF-8, rounded up; 1,500 for an image; 4 more for a
/// block and 8 for a message.
/// </summary>
public sealed class ByteTokenCounter : ITokenCounter
{
    /// <summary>The counter; it has no state.</summary>
    public static readonly ByteTokenCounter Instance = new();

    private const int PerImage = 1500;
    private const int PerBlock = 4;
    private const int PerMessage = 8;

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public int Count(BlockKind kind, ReadOnlySpan<byte> json, int cacheControlLength, bool beginsMessage)
    {
        var tokens = kind switch
        {
            BlockKind.Image => PerImage,
            BlockKind.Text => OfBytes(JsonText.Utf8Length(json)),
            _ => OfBytes(json.Length - cacheControlLength),
        };

        return tokens + PerBlock + (beginsMessage ? PerMessage : 0);
    }

    /// <summary>Tokens of so many bytes of UTF-8: a 3.6th of them, rounded up, reckoned without fractions.</summary>
    internal static int OfBytes(int bytes) => (int)(((bytes * 10L) + 35) / 36);
}
