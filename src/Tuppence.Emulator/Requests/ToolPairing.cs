using System.Text.Json;

namespace Tuppence.Emulator.Requests;

/// <summary>Each <c>tool_use</c> is answered in the turn that follows, and nothing else is.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/agents-and-tools/tool-use/handle-tool-calls (2026-08-22).</remarks>
internal static class ToolPairing
{
    /// <summary>The first call without an answer, or answer without a call.</summary>
    public static ApiError? Check(JsonElement messages)
    {
        // Neighbours of one role are one turn, so calls wait until the role changes twice.
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var open = new HashSet<string>(StringComparer.Ordinal);
        var askedAt = -1;
        var role = "";
        var index = 0;

        foreach (var message in messages.EnumerateArray())
        {
            var next = message.Text("role"u8)!;
            if (next != role && next == "assistant")
            {
                if (open.Count > 0)
                {
                    return Unanswered(askedAt, open);
                }

                asked.Clear();
            }

            role = next;
            var place = 0;
            foreach (var block in Blocks(message))
            {
                if (block.ValueKind == JsonValueKind.Object && block.Text("type"u8) == "tool_use" && role == "assistant")
                {
                    asked.Add(block.Text("id"u8)!);
                    open.Add(block.Text("id"u8)!);
                    askedAt = index;
                }
                else if (block.ValueKind == JsonValueKind.Object && block.Text("type"u8) == "tool_result")
                {
                    var id = block.Text("tool_use_id"u8)!;
                    if (!asked.Contains(id))
                    {
                        return ApiError.Invalid(
                            $"messages.{index}.content.{place}: unexpected `tool_use_id` found in `tool_result` blocks: {id}. Each `tool_result` block must have a corresponding `tool_use` block in the previous message.");
                    }

                    open.Remove(id);
                }

                place++;
            }

            index++;
        }

        return open.Count > 0 ? Unanswered(askedAt, open) : null;
    }

    private static JsonElement.ArrayEnumerator Blocks(JsonElement message) =>
        message.GetProperty("content") is { ValueKind: JsonValueKind.Array } blocks ? blocks.EnumerateArray() : default;

    private static ApiError Unanswered(int index, IEnumerable<string> ids) => ApiError.Invalid(
        $"messages.{index}: `tool_use` ids were found without `tool_result` blocks immediately after: {string.Join(", ", ids)}. Each `tool_use` block must have a corresponding `tool_result` block in the next message.");
}
