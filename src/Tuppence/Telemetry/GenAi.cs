using Tuppence.State.Ledger;

namespace Tuppence.Telemetry;

/// <summary>Names of the GenAI semantic conventions that Tuppence uses.</summary>
/// <remarks>
/// Status "Development", as of November 2026: https://github.com/open-telemetry/semantic-conventions-genai (docs/gen-ai/anthropic.md, gen-ai-metrics.md).
/// Attributes that would hold content (gen_ai.input.messages and the like) are not used.
/// </remarks>
internal static class GenAi
{
    public const string Operation = "gen_ai.operation.name";
    public const string Provider = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string RequestStream = "gen_ai.request.stream";
    public const string ResponseId = "gen_ai.response.id";
    public const string ResponseModel = "gen_ai.response.model";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string FirstChunk = "gen_ai.response.time_to_first_chunk";
    public const string Conversation = "gen_ai.conversation.id";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string CacheReadTokens = "gen_ai.usage.cache_read.input_tokens";
    public const string CacheCreationTokens = "gen_ai.usage.cache_creation.input_tokens";
    public const string ReasoningTokens = "gen_ai.usage.reasoning.output_tokens";
    public const string TokenType = "gen_ai.token.type";
    public const string ErrorType = "error.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";

    /// <summary>True for requests that a model answers.</summary>
    public static bool IsChat(RequestKind kind) => kind is RequestKind.Message or RequestKind.KeepAlive or RequestKind.Test;

    /// <summary>The provider's well-known name, by the upstream's kind.</summary>
    public static string ProviderOf(string? platform) => platform switch
    {
        not null when platform.StartsWith("bedrock", StringComparison.Ordinal) => "aws.bedrock",
        not null when platform.StartsWith("vertex", StringComparison.Ordinal) => "gcp.vertex_ai",
        "foundry" => "azure.ai.inference",
        _ => "anthropic",
    };

    /// <summary>What went wrong, in a word of few; null where nothing did.</summary>
    public static string? ErrorOf(LedgerEntry entry) =>
        entry.ErrorType
        ?? (entry.Status >= 400 ? entry.Status.Value.ToString(System.Globalization.CultureInfo.InvariantCulture) : null)
        ?? (entry.Outcome is RequestOutcome.Completed or RequestOutcome.ClientLeft ? null : OutcomeOf(entry.Outcome));

    /// <summary>The outcome as the ledger writes it.</summary>
    public static string OutcomeOf(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.Completed => "completed",
        RequestOutcome.ClientLeft => "client_left",
        RequestOutcome.Broken => "broken",
        RequestOutcome.Unreachable => "unreachable",
        _ => "refused",
    };

    /// <summary>The kind as the ledger writes it.</summary>
    public static string KindOf(RequestKind kind) => kind switch
    {
        RequestKind.Message => "message",
        RequestKind.CountTokens => "count_tokens",
        RequestKind.BatchResult => "batch_result",
        RequestKind.KeepAlive => "keep_alive",
        RequestKind.Test => "test",
        _ => "other",
    };
}
