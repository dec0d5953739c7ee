using System.Text.Json;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Emulator.Requests;

/// <summary>Rules of <c>cache_control</c>: its members, how many there may be, where, and the order of their lives.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching (2026-08-21).</remarks>
internal static class BreakpointShape
{
    /// <summary>The first broken rule.</summary>
    public static ApiError? Check(JsonElement root, Prompt prompt)
    {
        if (Member(root, "cache_control") is { } error)
        {
            return error;
        }

        foreach (ref readonly var block in prompt.Blocks)
        {
            if (!block.CacheControl.IsEmpty && Value(block.CacheControl.Of(prompt.Body.Bytes.Span), Place(block)) is { } wrong)
            {
                return wrong;
            }
        }

        Span<Breakpoint> all = stackalloc Breakpoint[BreakpointRules.Most];
        return BreakpointRules.Check(prompt.Blocks, prompt.Breakpoints, prompt.Automatic, all, out _) is { } rejection ? ApiError.Invalid(rejection) : null;
    }

    private static string Place(in PromptBlock block) => block.Section switch
    {
        PromptSection.Tools => "tools.cache_control",
        PromptSection.System => "system.cache_control",
        _ => $"messages.{block.Message}.content.cache_control",
    };

    private static ApiError? Value(ReadOnlySpan<byte> json, string place)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        return Check(document.RootElement, place);
    }

    private static ApiError? Member(JsonElement root, string name) => root.Member("cache_control"u8) is { } control ? Check(control, name) : null;

    private static ApiError? Check(JsonElement control, string place) => control switch
    {
        { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: not JsonValueKind.Object } => ApiError.Invalid($"{place}: Input should be an object"),
        _ when control.Text("type"u8) != "ephemeral" => ApiError.Invalid($"{place}.type: Input should be 'ephemeral'"),
        _ when control.Member("ttl"u8) is not null && control.Text("ttl"u8) is not ("5m" or "1h") => ApiError.Invalid($"{place}.ttl: Input should be '5m' or '1h'"),
        _ => null,
    };
}
