using System.Text.Json;
using System.Text.RegularExpressions;
using Tuppence.Emulator.Models;

namespace Tuppence.Emulator.Requests;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c>.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/api/messages (2026-08-22). Tools that run at the API are taken and never called.</remarks>
internal static partial class ToolRules
{
    /// <summary>The tools that the client runs, or the first broken rule.</summary>
    public static (IReadOnlyList<Tool> Tools, ApiError? Error) ReadTools(JsonElement root)
    {
        if (root.Member("tools"u8) is not { } list)
        {
            return ([], null);
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            return ([], ApiError.Invalid("tools: Input should be a valid list"));
        }

        var tools = new List<Tool>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var entry in list.EnumerateArray())
        {
            var custom = entry.Text("type"u8) is null or "custom";
            var name = entry.Text("name"u8);
            var error = custom ? Custom(entry, name, $"tools.{index}.custom") : null;
            if (error is null && name is not null && !names.Add(name))
            {
                error = ApiError.Invalid("tools: Tool names must be unique.");
            }

            if (error is not null)
            {
                return ([], error);
            }

            if (custom)
            {
                tools.Add(new(name!, entry.GetProperty("input_schema")));
            }

            index++;
        }

        return (tools, null);
    }

    /// <summary>The choice, or the first broken rule.</summary>
    public static (ToolChoice Choice, ApiError? Error) ReadChoice(JsonElement root, IReadOnlyList<Tool> tools, EmulatedModel model, Thinking thinking)
    {
        if (root.Member("tool_choice"u8) is not { } choice)
        {
            return (new("auto", null), null);
        }

        var read = new ToolChoice(choice.Text("type"u8) ?? "", choice.Text("name"u8));
        ApiError? error = read.Type switch
        {
            not ("auto" or "any" or "tool" or "none") =>
                ApiError.Invalid($"tool_choice: Input tag '{read.Type}' found using 'type' does not match any of the expected tags: 'auto', 'any', 'tool', 'none'"),
            _ when root.Member("tools"u8) is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0 =>
                read.Type == "none" ? null : ApiError.Invalid("tool_choice: tool_choice may only be specified while providing tools"),
            _ when read.Forces && !model.ForcedToolChoice => ApiError.Invalid("tool_choice: type \"tool\" and \"any\" are not supported for this model."),
            _ when read.Forces && thinking is { On: true, Explicit: true } => ApiError.Invalid("Thinking may not be enabled when tool_choice forces tool use."),
            "tool" when read.Name is null => ApiError.Invalid("tool_choice.tool.name: Field required"),
            "tool" when tools.All(tool => tool.Name != read.Name) => ApiError.Invalid($"Tool '{read.Name}' not found in provided tools"),
            _ => null,
        };

        return (read, error);
    }

    private static ApiError? Custom(JsonElement entry, string? name, string at) =>
        name is null ? ApiError.Invalid($"{at}.name: Field required")
        : !ToolName().IsMatch(name) ? ApiError.Invalid($"{at}.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'")
        : entry.Member("input_schema"u8) is not { ValueKind: JsonValueKind.Object } schema ? ApiError.Invalid($"{at}.input_schema: Field required")
        : schema.Text("type"u8) != "object" ? ApiError.Invalid($"{at}.input_schema.type: Input should be 'object'")
        : null;

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,128}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ToolName();
}
