using System.Text.Json;
using Tuppence.Emulator.Models;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Emulator.Requests;

/// <summary>A request that broke no rule.</summary>
internal sealed record MessageRequest
{
    /// <summary>The whole body.</summary>
    public required JsonElement Root { get; init; }

    /// <summary>The model that answers.</summary>
    public required EmulatedModel Model { get; init; }

    /// <summary>Most output tokens; zero only warms the cache. For <c>count_tokens</c> the model's limit.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>The reply is a stream of events.</summary>
    public required bool Stream { get; init; }

    /// <summary>Where inference is to run, or null.</summary>
    public string? InferenceGeo { get; init; }

    /// <summary>Texts that end the reply.</summary>
    public required IReadOnlyList<string> StopSequences { get; init; }

    /// <summary>How it thinks.</summary>
    public required Thinking Thinking { get; init; }

    /// <summary>Tools that the client runs.</summary>
    public required IReadOnlyList<Tool> Tools { get; init; }

    /// <summary>Which of them is to be called.</summary>
    public required ToolChoice ToolChoice { get; init; }

    /// <summary>What was said so far.</summary>
    public required Conversation Conversation { get; init; }

    /// <summary>The request as the prompt cache sees it.</summary>
    public required Prompt Prompt { get; init; }

    /// <summary>All input tokens, by the estimate.</summary>
    public int InputTokens => Prompt.Tokens;
}
