using System.Globalization;

namespace Tuppence.Messages.Models;

/// <summary>One model, as <c>models.json</c> has it.</summary>
public sealed record Model
{
    /// <summary>Id on the Claude API.</summary>
    public required string Id { get; init; }

    /// <summary>Other names on the Claude API.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Name of the family, such as <c>opus</c>.</summary>
    public string Family { get; init; } = "";

    /// <summary><c>active-latest</c>, <c>active-legacy</c>, <c>limited</c>, ….</summary>
    public string Status { get; init; } = "";

    /// <summary>Date of release, <c>yyyy-MM-dd</c>, or null.</summary>
    public string? Released { get; init; }

    /// <summary>Date before which it is not retired, <c>yyyy-MM-dd</c>, or null where none is published.</summary>
    public string? RetirementNotBefore { get; init; }

    /// <summary>Context window in tokens; 0 where unknown.</summary>
    public int Context { get; init; }

    /// <summary>Largest <c>max_tokens</c>; 0 where unknown.</summary>
    public int MaxOutput { get; init; }

    /// <summary>Smallest prefix in tokens that the prompt cache takes.</summary>
    public int MinCacheTokens { get; init; }

    /// <summary>The same by platform, where it differs.</summary>
    public IReadOnlyDictionary<string, int> MinCacheTokensByPlatform { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Which sampling members it takes.</summary>
    public SamplingRule Sampling { get; init; } = SamplingRule.Unknown;

    /// <summary>What it takes in <c>thinking</c> and <c>output_config.effort</c>.</summary>
    public ThinkingRule Thinking { get; init; } = new();

    /// <summary>Whether a request may end with an assistant message that the model continues.</summary>
    public bool Prefill { get; init; } = true;

    /// <summary>Whether messages of role <c>system</c> may stand inside <c>messages</c>.</summary>
    public bool MidConversationSystem { get; init; }

    /// <summary>Whether a message of role <c>system</c> without content may change the effort inside <c>messages</c>.</summary>
    public bool PerMessageEffort { get; init; }

    /// <summary>Whether <c>tool_choice</c> may force a tool.</summary>
    public bool ForcedToolChoice { get; init; } = true;

    /// <summary>For whom signed thinking is checked against what stands before it: <c>none</c>, <c>all-accounts</c>, or words.</summary>
    public string PrefixCheck { get; init; } = "none";

    /// <summary>Its tokenizer's name.</summary>
    public string Tokenizer { get; init; } = "";

    /// <summary>Ids by platform (<c>claudeApi</c>, <c>bedrock</c>, <c>googleCloud</c>, …).</summary>
    public IReadOnlyDictionary<string, string> PlatformIds { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What it costs now.</summary>
    public ModelPrices Prices { get; init; }

    /// <summary>What all tokens of a request cost once its prompt is longer than <see cref="LongContextThreshold"/>; null: the same.</summary>
    public ModelPrices? LongContextPrices { get; init; }

    /// <summary>Prompt tokens, cached ones included, above which <see cref="LongContextPrices"/> hold; 0: none.</summary>
    public int LongContextThreshold { get; init; }

    /// <summary>Earlier prices, oldest last.</summary>
    public IReadOnlyList<PriceChange> PriceHistory { get; init; } = [];

    /// <summary>What it cost on a day (UTC): a price of <see cref="PriceHistory"/> holds through the day of its <see cref="PriceChange.Until"/>.</summary>
    public ModelPrices PricesOn(DateOnly day)
    {
        if (PriceHistory.Count == 0)
        {
            return Prices;
        }

        var date = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var (until, prices) = ("9999-99-99", Prices);
        foreach (var change in PriceHistory)
        {
            if (string.CompareOrdinal(date, change.Until) <= 0 && string.CompareOrdinal(change.Until, until) < 0)
            {
                (until, prices) = (change.Until, change.Prices);
            }
        }

        return prices;
    }

    /// <summary>Where the row was read.</summary>
    public IReadOnlyList<string> Source { get; init; } = [];

    /// <summary>Date of the newest source, <c>yyyy-MM-dd</c>.</summary>
    public string AsOf { get; init; } = "";
}
