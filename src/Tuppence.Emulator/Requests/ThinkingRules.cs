using System.Text.Json;
using Tuppence.Emulator.Models;

namespace Tuppence.Emulator.Requests;

/// <summary>Reads <c>thinking</c> and <c>output_config.effort</c>.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/thinking-troubleshooting (2026-10) and the model table.</remarks>
internal static class ThinkingRules
{
    private const int LeastBudget = 1024;
    private static readonly string[] Types = ["adaptive", "between_tools", "disabled", "enabled"];
    private static readonly string[] AllEfforts = ["low", "medium", "high", "xhigh", "max"];

    /// <summary>The mode, or the first broken rule.</summary>
    public static (Thinking Mode, ApiError? Error) Read(JsonElement root, EmulatedModel model, RequestContext context)
    {
        var (effort, effortError) = Effort(root, model);
        if (effortError is not null)
        {
            return (default, effortError);
        }

        if (root.Member("thinking"u8) is not { } thinking)
        {
            return (new(On: model.ThinksByDefault, Explicit: false, Budget: null, WithText: !model.OmitsThinkingText), null);
        }

        if (thinking.ValueKind != JsonValueKind.Object)
        {
            return (default, ApiError.Invalid("thinking: Input should be an object"));
        }

        var type = thinking.Text("type"u8);
        var error = Type(type, effort, model) ?? Display(thinking, type!, context) ?? Budget(root, thinking, type!, context);
        if (error is not null)
        {
            return (default, error);
        }

        var withText = thinking.Text("display"u8) is { } display ? display != "omitted" : !model.OmitsThinkingText;
        return (new(On: type is "adaptive" or "enabled", Explicit: true, thinking.Member("budget_tokens"u8)?.Whole(), withText), null);
    }

    private static (string? Effort, ApiError? Error) Effort(JsonElement root, EmulatedModel model)
    {
        if (root.Member("output_config"u8) is not { } config || config.Member("effort"u8) is not { } effort)
        {
            return (null, null);
        }

        var value = effort.ValueKind == JsonValueKind.String ? effort.GetString() : null;
        if (value is null || !AllEfforts.Contains(value))
        {
            return (null, ApiError.Invalid("output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'"));
        }

        return model.Efforts.Count == 0 ? (null, ApiError.Invalid("This model does not support the effort parameter."))
            : model.Efforts.Contains(value) ? (value, null)
            : (null, ApiError.Invalid($"output_config.effort: \"{value}\" is not supported for this model. Use one of: {string.Join(", ", AllEfforts.Where(model.Efforts.Contains))}."));
    }

    private static ApiError? Type(string? type, string? effort, EmulatedModel model) => type switch
    {
        null => ApiError.Invalid("thinking.type: Field required"),
        _ when !Types.Contains(type) => ApiError.Invalid(
            $"thinking: Input tag '{type}' found using 'type' does not match any of the expected tags: '{string.Join("', '", Types)}'"),
        _ when !model.Refuses(type, effort) => null,
        "adaptive" => ApiError.Invalid("adaptive thinking is not supported on this model"),
        "disabled" when effort is not null && !model.Refuses(type, effort: null) => ApiError.Invalid(
            $"\"thinking.type.disabled\" is not supported with \"output_config.effort\": \"{effort}\" for this model."),
        _ => ApiError.Invalid(
            $"\"thinking.type.{type}\" is not supported for this model. Use \"thinking.type.adaptive\" and \"output_config.effort\" to control thinking behavior."),
    };

    private static ApiError? Display(JsonElement thinking, string type, RequestContext context)
    {
        if (thinking.Member("display"u8) is null)
        {
            return null;
        }

        return (type, thinking.Text("display"u8)) switch
        {
            ("disabled", _) => ApiError.Invalid("thinking.disabled.display: Extra inputs are not permitted"),
            (_, "summarized" or "omitted") => null,
            (_, "updates") when context.HasBeta("thinking-display-updates-") => null,
            _ => ApiError.Invalid($"thinking.{type}.display: Input should be 'summarized' or 'omitted'"),
        };
    }

    private static ApiError? Budget(JsonElement root, JsonElement thinking, string type, RequestContext context)
    {
        var budget = thinking.Member("budget_tokens"u8);
        if (type != "enabled")
        {
            return budget is null ? null : ApiError.Invalid($"thinking.{type}.budget_tokens: Extra inputs are not permitted");
        }

        return budget switch
        {
            null => ApiError.Invalid("thinking.enabled.budget_tokens: Field required"),
            { } value when value.Whole() is null => ApiError.Invalid("thinking.enabled.budget_tokens: Input should be a valid integer"),
            { } value when value.Whole() < LeastBudget => ApiError.Invalid($"thinking.enabled.budget_tokens: Input should be greater than or equal to {LeastBudget}"),
            { } value when root.Member("max_tokens"u8)?.Whole() <= value.Whole() && !context.HasBeta("interleaved-thinking-") =>
                ApiError.Invalid("`max_tokens` must be greater than `thinking.budget_tokens`."),
            _ => null,
        };
    }
}
