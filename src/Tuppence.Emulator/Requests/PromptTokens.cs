using System.Text;
using System.Text.Json;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Emulator.Requests;

/// <summary>Counts a prompt's tokens by <see cref="TokenEstimate"/>: the one count behind <c>count_tokens</c>, usage and prompt cache.</summary>
internal sealed class PromptTokens : ITokenCounter
{
    /// <inheritdoc/>
    public int Count(BlockKind kind, ReadOnlySpan<byte> json, int cacheControlLength, bool beginsMessage)
    {
        var tokens = kind switch
        {
            BlockKind.Text => TokenEstimate.OfBlock(LengthOf(json)),
            BlockKind.Tool => TokenEstimate.OfBlock(json.Length - cacheControlLength),
            _ => OfElement(json, cacheControlLength),
        };

        return tokens + (beginsMessage ? TokenEstimate.PerMessage : 0);
    }

    private static int LengthOf(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'\\'))
        {
            return text.Length - 2;
        }

        var reader = new Utf8JsonReader(text);
        reader.Read();
        return Encoding.UTF8.GetByteCount(reader.GetString()!);
    }

    private static int OfElement(ReadOnlySpan<byte> json, int cacheControlLength)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonBody.MaxDepth });
        using var document = JsonDocument.ParseValue(ref reader);
        return TokenEstimate.OfBlock(document.RootElement, cacheControlLength);
    }
}
