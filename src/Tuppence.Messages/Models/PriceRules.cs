namespace Tuppence.Messages.Models;

/// <summary>What holds for the prices of all models. Percentages are of the list price. Source: https://platform.claude.com/docs/en/about-claude/pricing.</summary>
public sealed record PriceRules
{
    /// <summary>No rules: list prices, and server tools without a price.</summary>
    public static readonly PriceRules None = new();

    /// <summary>Tokens of batches, cached ones included.</summary>
    public int BatchPercent { get; init; } = 100;

    /// <summary>Tokens of requests whose inference stays in the United States (<c>inference_geo</c> <c>us</c>).</summary>
    public int UsInferencePercent { get; init; } = 100;

    /// <summary>Models that cost the list price there too.</summary>
    public IReadOnlyList<string> UsInferenceListPrice { get; init; } = [];

    /// <summary>Tokens of requests to regional and multi-region endpoints, by platform; the list price on others.</summary>
    public IReadOnlyDictionary<string, int> RegionalPercent { get; init; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Percentage of the list price at an endpoint.</summary>
    /// <param name="platform">The platform, or null.</param>
    /// <param name="isRegional">Whether the endpoint is a regional or multi-region one.</param>
    public int PercentAt(string? platform, bool isRegional) => isRegional && platform is not null ? RegionalPercent.GetValueOrDefault(platform, 100) : 100;

    /// <summary>Nano-dollars for each web search; null where unknown.</summary>
    public long? WebSearch { get; init; }

    /// <summary>Nano-dollars for each web fetch, beside the tokens; null where unknown.</summary>
    public long? WebFetch { get; init; }
}
