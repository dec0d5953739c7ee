using Tuppence.Messages.Models;

namespace Tuppence.Emulator.Models;

/// <summary>What the emulator has to know of a model: limits and the request members it refuses.</summary>
internal sealed record EmulatedModel
{
    /// <summary>The full id, e.g. <c>claude-haiku-4-5-20251001</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Other names that resolve to it.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary><c>opus</c>, <c>sonnet</c>, <c>haiku</c>, <c>fable</c> or <c>mythos</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Day of release.</summary>
    public required DateOnly Released { get; init; }

    /// <summary>Most input tokens.</summary>
    public required int Context { get; init; }

    /// <summary>Most output tokens.</summary>
    public required int MaxOutput { get; init; }

    /// <summary>Sampling members are refused unless they say the default; otherwise temperature or top_p, not both.</summary>
    public required bool SamplingAtDefaultOnly { get; init; }

    /// <summary>Values of <c>thinking.type</c> it knows.</summary>
    public required IReadOnlySet<string> ThinkingTypes { get; init; }

    /// <summary>Values of <c>thinking.type</c> it refuses; <c>disabled@xhigh|max</c> means: at those efforts.</summary>
    public required IReadOnlyList<string> RejectedThinking { get; init; }

    /// <summary>It thinks when the request says nothing about thinking.</summary>
    public required bool ThinksByDefault { get; init; }

    /// <summary>Thinking comes without its text unless <c>thinking.display</c> asks for it.</summary>
    public required bool OmitsThinkingText { get; init; }

    /// <summary>Values of <c>output_config.effort</c>; empty where the model has no such dial.</summary>
    public required IReadOnlySet<string> Efforts { get; init; }

    /// <summary>A conversation may end with the assistant's own words, which it then continues.</summary>
    public required bool Prefill { get; init; }

    /// <summary><c>tool_choice</c> may force a tool.</summary>
    public required bool ForcedToolChoice { get; init; }

    /// <summary><c>role: system</c> is allowed inside the conversation.</summary>
    public required bool MidConversationSystem { get; init; }

    /// <summary>A message without content may change the effort inside the conversation.</summary>
    public required bool PerMessageEffort { get; init; }

    /// <summary>Smallest prefix in tokens that the prompt cache takes.</summary>
    public required int MinCacheTokens { get; init; }

    /// <summary>Prices by the size of the prompt in tokens.</summary>
    public required Func<int, ModelPrices> PricesOf { get; init; }

    /// <summary>The name for people: <c>Claude Haiku 4.5</c>.</summary>
    public string DisplayName
    {
        get
        {
            var parts = Id.Split('-');
            var numbers = parts[2..].Where(part => part.Length < 8);
            return $"Claude {char.ToUpperInvariant(Family[0])}{Family[1..]} {string.Join('.', numbers)}";
        }
    }

    /// <summary>Whether it refuses this <c>thinking.type</c> at this effort.</summary>
    public bool Refuses(string thinkingType, string? effort)
    {
        foreach (var rejected in RejectedThinking)
        {
            var at = rejected.IndexOf('@', StringComparison.Ordinal);
            var type = at < 0 ? rejected : rejected[..at];
            if (type == thinkingType && (at < 0 || (effort is not null && rejected[(at + 1)..].Split('|').Contains(effort))))
            {
                return true;
            }
        }

        return thinkingType == "between_tools" && !ThinkingTypes.Contains(thinkingType);
    }
}
