using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Tuppence.Emulator.Requests;

/// <summary>What each content block must hold. Members of a block that the rules do not name are let through.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/api/messages (2026-08-22) and /versioning (2026-10-21).</remarks>
internal static class BlockRules
{
    private static readonly string[] UserTags = ["text", "image", "document", "search_result", "tool_result", "container_upload"];
    private static readonly string[] AssistantTags = ["text", "thinking", "redacted_thinking", "tool_use", "document", "image", "compaction", "fallback"];

    /// <summary>The first broken rule among the blocks at <paramref name="path"/>.</summary>
    public static ApiError? Check(JsonElement blocks, string role, string path, RequestContext context)
    {
        var index = 0;
        foreach (var block in blocks.EnumerateArray())
        {
            if (Block(block, role, $"{path}.{index}", context) is { } error)
            {
                return error;
            }

            index++;
        }

        return null;
    }

    private static ApiError? Block(JsonElement block, string role, string at, RequestContext context)
    {
        if (block.Text("type"u8) is not { } type)
        {
            return ApiError.Invalid(block.ValueKind == JsonValueKind.Object ? $"{at}.type: Field required" : $"{at}: Input should be an object");
        }

        var tags = role == "assistant" ? AssistantTags : UserTags;
        if ((!tags.Contains(type) && !IsServerTool(type)) || (type == "document" && role == "assistant" && context.IsNewVersion))
        {
            var expected = context.IsNewVersion ? tags.Where(tag => role != "assistant" || tag != "document") : tags;
            return ApiError.Invalid($"{at}: Input tag '{type}' found using 'type' does not match any of the expected tags: '{string.Join("', '", expected)}'");
        }

        return type switch
        {
            "text" => Text(block, role, at, context),
            "image" or "document" => Source(block, at, type),
            "thinking" => Thinking(block, at),
            "redacted_thinking" => Required(block, at, type, "data"),
            "tool_use" => Required(block, at, type, "id") ?? Required(block, at, type, "name") ?? Input(block, at),
            "tool_result" => Required(block, at, type, "tool_use_id") ?? Result(block, at, context),
            _ => null,
        };
    }

    // Blocks of tools that run at the API come in ever new kinds; they are named alike.
    private static bool IsServerTool(string type) =>
        type.EndsWith("_tool_result", StringComparison.Ordinal) || type.EndsWith("_tool_use", StringComparison.Ordinal);

    private static ApiError? Text(JsonElement block, string role, string at, RequestContext context)
    {
        if (Required(block, at, "text", "text") is { } missing)
        {
            return missing;
        }

        if (context.IsNewVersion && role == "user" && block.Member("citations"u8) is { ValueKind: JsonValueKind.Array } citations && citations.GetArrayLength() > 0)
        {
            return ApiError.Invalid($"{at}.text.citations: Extra inputs are not permitted");
        }

        var text = block.Text("text"u8)!;
        return text.Length == 0 ? ApiError.Invalid("messages: text content blocks must be non-empty")
            : string.IsNullOrWhiteSpace(text) ? ApiError.Invalid("messages: text content blocks must contain non-whitespace text")
            : null;
    }

    private static ApiError? Source(JsonElement block, string at, string type) =>
        block.Member("source"u8) is not { ValueKind: JsonValueKind.Object } source ? ApiError.Invalid($"{at}.{type}.source: Field required")
        : source.Text("type"u8) is null ? ApiError.Invalid($"{at}.{type}.source.type: Field required")
        : null;

    private static ApiError? Thinking(JsonElement block, string at)
    {
        var missing = Required(block, at, "thinking", "thinking") ?? Required(block, at, "thinking", "signature");
        return missing is null && !Base64.IsValid(Encoding.UTF8.GetBytes(block.Text("signature"u8)!))
            ? ApiError.Invalid($"{at}: Invalid `signature` in `thinking` block")
            : missing;
    }

    private static ApiError? Input(JsonElement block, string at) => block.Member("input"u8) switch
    {
        null => ApiError.Invalid($"{at}.tool_use.input: Field required"),
        { ValueKind: JsonValueKind.Object } => null,
        _ => ApiError.Invalid($"{at}.tool_use.input: Input should be a valid dictionary"),
    };

    private static ApiError? Result(JsonElement block, string at, RequestContext context) => block.Member("content"u8) switch
    {
        null or { ValueKind: JsonValueKind.String } => null,
        { ValueKind: JsonValueKind.Array } blocks => Check(blocks, "user", $"{at}.tool_result.content", context),
        _ => ApiError.Invalid($"{at}.tool_result.content: Input should be a valid string or list"),
    };

    private static ApiError? Required(JsonElement block, string at, string type, string name) =>
        block.Member(Encoding.UTF8.GetBytes(name)) switch
        {
            null => ApiError.Invalid($"{at}.{type}.{name}: Field required"),
            { ValueKind: JsonValueKind.String } => null,
            _ => ApiError.Invalid($"{at}.{type}.{name}: Input should be a valid string"),
        };
}
