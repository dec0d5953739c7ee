using System.Text.Json;
using Tuppence.Emulator.Models;

namespace Tuppence.Emulator.Requests;

/// <summary><c>temperature</c>, <c>top_p</c>, <c>top_k</c> as each model takes them under version 2023-06-01.</summary>
/// <remarks>Source: model table, rows "sampling"; wording as reported by users of the API in 2026.</remarks>
internal static class SamplingRules
{
    /// <summary>The first broken rule.</summary>
    public static ApiError? Check(JsonElement root, EmulatedModel model, bool thinking)
    {
        var temperature = root.Member("temperature"u8);
        var topP = root.Member("top_p"u8);
        var topK = root.Member("top_k"u8);

        return Range(temperature, "temperature")
            ?? Range(topP, "top_p")
            ?? (topK is { } k && (k.Whole() ?? -1) < 0 ? ApiError.Invalid("top_k: Input should be a valid integer of at least 0") : null)
            ?? (temperature is not null && topP is not null
                ? ApiError.Invalid("`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
                : null)
            ?? (model.SamplingAtDefaultOnly ? AtDefaultOnly(temperature, topP, topK) : null)
            ?? (thinking ? WithThinking(temperature, topP, topK) : null);
    }

    private static ApiError? Range(JsonElement? value, string name) => value switch
    {
        null => null,
        { ValueKind: not JsonValueKind.Number } => ApiError.Invalid($"{name}: Input should be a valid number"),
        { } number when number.GetDouble() < 0 => ApiError.Invalid($"{name}: Input should be greater than or equal to 0"),
        { } number when number.GetDouble() > 1 => ApiError.Invalid($"{name}: Input should be less than or equal to 1"),
        _ => null,
    };

    private static ApiError? AtDefaultOnly(JsonElement? temperature, JsonElement? topP, JsonElement? topK) =>
        temperature is { } t && t.GetDouble() < 1 ? Deprecated("temperature")
        : topP is { } p && p.GetDouble() < 0.99 ? Deprecated("top_p")
        : topK is not null ? Deprecated("top_k")
        : null;

    private static ApiError? WithThinking(JsonElement? temperature, JsonElement? topP, JsonElement? topK) =>
        temperature is { } t && t.GetDouble() < 1
            ? ApiError.Invalid("`temperature` may only be set to 1 when thinking is enabled or in adaptive mode.")
        : topK is not null ? ApiError.Invalid("`top_k` must be unset when thinking is enabled or in adaptive mode.")
        : topP is { } p && p.GetDouble() < 0.95
            ? ApiError.Invalid("`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled or in adaptive mode.")
        : null;

    private static ApiError Deprecated(string name) => ApiError.Invalid($"`{name}` is deprecated for this model.");
}
