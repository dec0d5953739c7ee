using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Prompts;

/// <summary>Tells a block's kind from its <c>type</c>.</summary>
internal static class BlockKinds
{
    /// <summary>The kind of a block in system or messages.</summary>
    /// <param name="type">The value of its member <c>type</c>: JSON with its quotes.</param>
    public static BlockKind Of(ReadOnlySpan<byte> type) =>
        JsonText.Means(type, "text"u8) ? BlockKind.Text
        : JsonText.Means(type, "tool_use"u8) ? BlockKind.ToolUse
        : JsonText.Means(type, "tool_result"u8) ? BlockKind.ToolResult
        : JsonText.Means(type, "image"u8) ? BlockKind.Image
        : JsonText.Means(type, "thinking"u8) || JsonText.Means(type, "redacted_thinking"u8) ? BlockKind.Thinking
        : JsonText.Means(type, "document"u8) ? BlockKind.Document
        : type.EndsWith("_tool_result\""u8) ? BlockKind.ServerToolResult
        : BlockKind.Other;
}
