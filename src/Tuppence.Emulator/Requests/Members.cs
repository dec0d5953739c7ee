using System.Collections.Frozen;
using System.Text.Json;

namespace Tuppence.Emulator.Requests;

/// <summary>The members a body may have at its top level.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/api/messages, /messages-count-tokens, and the request types of the official SDKs of 2026-11-20.</remarks>
internal static class Members
{
    private static readonly FrozenSet<string> Shared = FrozenSet.ToFrozenSet(
    [
        "model", "messages", "system", "thinking", "tools", "tool_choice", "output_config", "cache_control", "speed", "user_profile_id",
    ], StringComparer.Ordinal);

    private static readonly FrozenSet<string> MessagesOnly = FrozenSet.ToFrozenSet(
    [
        "max_tokens", "stream", "stop_sequences", "temperature", "top_p", "top_k", "metadata", "service_tier", "container", "inference_geo", "diagnostics",
    ], StringComparer.Ordinal);

    // Member and the beginnings of the betas that open it.
    private static readonly FrozenDictionary<string, string[]> Beta = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["context_management"] = ["context-management-", "compact-"],
        ["compaction"] = ["compact-"],
        ["mcp_servers"] = ["mcp-client-"],
        ["output_format"] = ["structured-outputs-"],
        ["fallbacks"] = ["server-side-fallback-", "fallback"],
        ["fallback_credit_token"] = ["fallback"],
        ["billing_policy"] = ["billing-policy-", "billing"],
        ["thread"] = ["message-threads-"],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The refusal of the first member that is not the API's; <see langword="null"/> where all are.</summary>
    public static ApiError? Check(JsonElement root, RequestContext context)
    {
        foreach (var member in root.EnumerateObject())
        {
            var name = member.Name;
            var known = Shared.Contains(name)
                || (!context.Counting && MessagesOnly.Contains(name))
                || (Beta.TryGetValue(name, out var betas) && betas.Any(context.HasBeta));
            if (!known || (context.IsNewVersion && name is ("temperature" or "top_p" or "top_k")))
            {
                return ApiError.Invalid($"{name}: Extra inputs are not permitted");
            }
        }

        return null;
    }
}
