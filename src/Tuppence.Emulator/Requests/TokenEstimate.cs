using System.Text;
using System.Text.Json;

namespace Tuppence.Emulator.Requests;

/// <summary>Tokens without a tokenizer: a token is four bytes of UTF-8, begun ones count.</summary>
/// <remarks>
/// A message costs 4 tokens and each block 2 on top. An image is 1,600 tokens; a base64 document 2,000 for each begun 64 KB of it.
/// A reply that comes back as history counts as much as it did when it was written. The real figures differ, by 30 % and more for other than English text.
/// </remarks>
internal static class TokenEstimate
{
    /// <summary>Bytes of UTF-8 in one token.</summary>
    public const int BytesPerToken = 4;

    /// <summary>What a message costs beside its blocks.</summary>
    public const int PerMessage = 4;

    private const int PerBlock = 2;
    private const int PerImage = 1600;
    private const int PerDocumentPart = 2000;
    private const int DocumentPart = 64 * 1024;

    /// <summary>Tokens of a text.</summary>
    public static int OfText(string text) => OfBytes(Encoding.UTF8.GetByteCount(text));

    /// <summary>Tokens of that many bytes.</summary>
    public static int OfBytes(int bytes) => (bytes + BytesPerToken - 1) / BytesPerToken;

    /// <summary>Tokens of a block with that many bytes.</summary>
    public static int OfBlock(int bytes) => PerBlock + OfBytes(bytes);

    /// <summary>Tokens of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="uncounted">Bytes of it that are no part of the prompt: its <c>cache_control</c>.</param>
    public static int OfBlock(JsonElement block, int uncounted = 0) => PerBlock + block.Text("type"u8) switch
    {
        "text" => OfText(block.Text("text"u8) ?? ""),
        "image" => PerImage,
        "document" when block.Member("source"u8) is { } source && source.Text("type"u8) == "base64" =>
            PerDocumentPart * (1 + (source.RawLength() * 3 / 4 / DocumentPart)),
        "thinking" => OfText(block.Text("thinking"u8) ?? ""),
        "tool_use" => OfText(block.Text("name"u8) ?? "") + (block.Member("input"u8) is { } input ? OfBytes(input.RawLength()) : 0),
        "tool_result" => Content(block.Member("content"u8)),
        _ => OfBytes(block.RawLength() - uncounted),
    };

    private static int Content(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => PerBlock + OfText(text.GetString()!),
        { ValueKind: JsonValueKind.Array } blocks => blocks.EnumerateArray().Sum(static block => OfBlock(block)),
        _ => 0,
    };
}
