using System.Text.Json;

namespace Tuppence.Emulator.Requests;

/// <summary>What a reply needs to know of the messages before it.</summary>
/// <param name="LastUserText">Text of the last user turn, blocks joined by blank lines; empty where it held none.</param>
/// <param name="LastToolResult">Text of the last tool result in that turn, or <see langword="null"/>.</param>
/// <param name="Prefill">The assistant's own beginning that the reply continues, or <see langword="null"/>.</param>
/// <param name="Messages">How many messages there are.</param>
/// <param name="Replies">How many of them the assistant said.</param>
/// <param name="Images">How many images the last user turn held.</param>
internal sealed record Conversation(string LastUserText, string? LastToolResult, string? Prefill, int Messages, int Replies, int Images)
{
    /// <summary>Reads it from a checked <c>messages</c> array.</summary>
    public static Conversation Read(JsonElement messages)
    {
        var all = messages.EnumerateArray().ToArray();
        var prefill = all[^1].Text("role"u8) == "assistant" ? string.Join("\n\n", Texts(all[^1])) : null;
        var asked = all.LastOrDefault(message => message.Text("role"u8) == "user");
        var turn = asked.ValueKind == JsonValueKind.Undefined ? [] : Blocks(asked).ToArray();
        var result = turn.LastOrDefault(block => block.Text("type"u8) == "tool_result");

        return new(
            asked.ValueKind == JsonValueKind.Undefined ? "" : string.Join("\n\n", Texts(asked)),
            result.ValueKind == JsonValueKind.Undefined ? null : string.Join("\n\n", Texts(result)),
            prefill,
            all.Length,
            all.Count(message => message.Text("role"u8) == "assistant") - (prefill is null ? 0 : 1),
            turn.Count(block => block.Text("type"u8) == "image"));
    }

    private static IEnumerable<string> Texts(JsonElement holder) =>
        holder.Text("content"u8) is { } plain
            ? [plain]
            : Blocks(holder).Where(block => block.Text("type"u8) == "text").Select(block => block.Text("text"u8)!);

    private static JsonElement.ArrayEnumerator Blocks(JsonElement holder) =>
        holder.Member("content"u8) is { ValueKind: JsonValueKind.Array } blocks ? blocks.EnumerateArray() : default;
}
