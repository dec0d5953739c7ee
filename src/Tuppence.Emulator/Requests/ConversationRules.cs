using System.Text.Json;
using Tuppence.Emulator.Models;

namespace Tuppence.Emulator.Requests;

/// <summary>The order of roles, and what each message must hold.</summary>
/// <remarks>
/// Source: https://platform.claude.com/docs/en/api/messages (2026-08-22). Consecutive messages of one role are one turn and allowed.
/// A system message without content that sets the effort stands anywhere: https://platform.claude.com/docs/en/build-with-claude/effort-per-message
/// (Claude Code 2.1.330 asks for it by another beta's name).
/// </remarks>
internal static class ConversationRules
{
    private const string SystemInMessages =
        "messages: Unexpected role \"system\". The Messages API accepts a top-level `system` parameter, not \"system\" as an input message role.";

    private static readonly string[] EffortBetas = ["mid-conversation-output-config-", "per-turn-control-"];

    private const string NoPrefill =
        "This model does not support assistant message prefill. The conversation must end with a user message.";

    /// <summary>The first broken rule of shape, whichever the model.</summary>
    public static ApiError? CheckShape(JsonElement messages, RequestContext context)
    {
        if (messages.ValueKind != JsonValueKind.Array)
        {
            return ApiError.Invalid("messages: Input should be a valid list");
        }

        var last = messages.GetArrayLength() - 1;
        if (last < 0)
        {
            return ApiError.Invalid("messages: at least one message is required");
        }

        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            if (Message(message, index, isLast: index == last, context) is { } error)
            {
                return error;
            }

            index++;
        }

        return ToolPairing.Check(messages);
    }

    /// <summary>The first broken rule that depends on the model.</summary>
    public static ApiError? CheckModel(JsonElement messages, EmulatedModel model)
    {
        var spoken = messages.EnumerateArray().Where(message => !(model.PerMessageEffort && IsEffort(message))).ToArray();
        if (spoken.Length == 0)
        {
            return ApiError.Invalid("messages: at least one message is required");
        }

        var roles = Array.ConvertAll(spoken, message => message.Text("role"u8)!);
        for (var i = 0; i < roles.Length; i++)
        {
            if (roles[i] != "system")
            {
                continue;
            }

            var stands = model.MidConversationSystem && i > 0 && roles[i - 1] == "user" && (i == roles.Length - 1 || roles[i + 1] == "assistant");
            if (!stands)
            {
                return ApiError.Invalid(SystemInMessages);
            }
        }

        return roles[^1] == "assistant" ? Ending(spoken[^1].GetProperty("content"), model) : null;
    }

    private static ApiError? Ending(JsonElement content, EmulatedModel model)
    {
        var text = content.ValueKind == JsonValueKind.String ? content.GetString()
            : content.GetArrayLength() > 0 ? content[content.GetArrayLength() - 1].Text("text"u8)
            : "";
        if (text is null)
        {
            return null;
        }

        return !model.Prefill ? ApiError.Invalid(NoPrefill)
            : text.Length > 0 && char.IsWhiteSpace(text[^1])
                ? ApiError.Invalid("messages: final assistant content cannot end with trailing whitespace")
            : null;
    }

    private static ApiError? Message(JsonElement message, int index, bool isLast, RequestContext context)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            return ApiError.Invalid($"messages.{index}: Input should be an object");
        }

        var role = message.Text("role"u8);
        return (role, message.Member("content"u8)) switch
        {
            (null, _) => ApiError.Invalid($"messages.{index}.role: Field required"),
            (not ("user" or "assistant" or "system"), _) =>
                ApiError.Invalid($"messages: Unexpected role \"{role}\". Allowed roles are \"user\" or \"assistant\""),
            (_, null) => ApiError.Invalid($"messages.{index}.content: Field required"),
            (_, { ValueKind: JsonValueKind.String } text) => text.ValueEquals("") ? Empty(index, role, isLast) : null,
            (_, { ValueKind: JsonValueKind.Array } blocks) => blocks.GetArrayLength() == 0
                ? IsEffort(message) && EffortBetas.Any(context.HasBeta) ? null : Empty(index, role, isLast)
                : BlockRules.Check(blocks, role, $"messages.{index}.content", context),
            _ => ApiError.Invalid($"messages.{index}.content: Input should be a valid string or list"),
        };
    }

    /// <summary>Whether it says nothing and only sets the effort of the turns that follow.</summary>
    private static bool IsEffort(JsonElement message) =>
        message.Text("role"u8) == "system"
        && message.Member("content"u8) is { ValueKind: JsonValueKind.Array } content && content.GetArrayLength() == 0
        && message.Member("output_config"u8) is { ValueKind: JsonValueKind.Object } output && output.Text("effort"u8) is not null;

    private static ApiError? Empty(int index, string role, bool isLast) =>
        role == "assistant" && isLast ? null
        : role == "assistant" ? ApiError.Invalid($"messages.{index}: all messages must have non-empty content except for the optional final assistant message")
        : ApiError.Invalid($"messages.{index}: {role} messages must have non-empty content");
}
