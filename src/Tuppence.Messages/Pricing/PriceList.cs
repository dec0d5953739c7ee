using Tuppence.Messages.Models;

namespace Tuppence.Messages.Pricing;

/// <summary>Prices answers by the model table: exactly, in integers.</summary>
/// <remarks>
/// The price of a token is that of the model on the day of the request (UTC); above the model's long-context threshold, which all input
/// tokens count towards, the long-context price for all tokens. It is multiplied by what applies: batch, US-only inference, regional
/// endpoint; the factors stack. Tokens times price times factors makes one part (input, reads, writes, output), which is rounded once, to the nearest
/// nano-dollar, halves up; the parts are added. Server tools cost by the call and no factor applies to them. What the table has no price for has
/// none here: an unknown model, tier, speed or place of inference is never free. Nor has what is not billed by the token: what an answer of the user's own
/// Claude Code program costs depends on how he is signed in there, which nobody here knows. Source of the rules: <see cref="PriceRules"/>.
/// </remarks>
/// <param name="models">The table.</param>
public sealed class PriceList(ModelTable models)
{
    private const string NotByTheToken = "claude-code";

    /// <summary>By the table that ships with this build.</summary>
    public static PriceList Default { get; } = new(ModelTable.Default);

    /// <summary>What an answer costs; null where its price is not known.</summary>
    /// <param name="model">Name of the model, in any form that the table knows.</param>
    /// <param name="usage">What is billed.</param>
    /// <param name="day">Day of the request, UTC.</param>
    public Price? Of(string? model, in BilledUsage usage, DateOnly day) =>
        model is not null && models.TryFind(model, out var row) ? Of(row, usage, day) : null;

    private Price? Of(Model model, in BilledUsage usage, DateOnly day)
    {
        var rules = models.PriceRules;
        if (usage.Platform == NotByTheToken || usage.Speed is not (null or "standard") || ToolsOf(usage, rules) is not { } tools || GeoPercent(model, usage.InferenceGeo, rules) is not { } geo)
        {
            return null;
        }

        var isBatch = usage.IsBatch;
        switch (usage.ServiceTier)
        {
            case null or "standard" or "priority":
                break;
            case "batch":
                isBatch = true;
                break;
            default:
                return null;
        }

        var prices = model is { LongContextPrices: { } longer, LongContextThreshold: > 0 and var threshold } && usage.AllInput > threshold ? longer : model.PricesOn(day);
        if (prices.Input == 0)
        {
            return null;
        }

        var factor = new Factor((Int128)geo * rules.PercentAt(usage.Platform, usage.IsRegional) * (isBatch ? rules.BatchPercent : 100));
        var output = factor.Times((Int128)usage.Output * prices.Output);
        return new Price(
            factor.Times((Int128)usage.Input * prices.Input),
            factor.Times((Int128)usage.CacheRead * prices.CacheRead),
            factor.Times(((Int128)usage.CacheWrite5m * prices.CacheWrite5m) + ((Int128)usage.CacheWrite1h * prices.CacheWrite1h)),
            output,
            tools,
            factor.Times((Int128)usage.AllInput * prices.Input) + output + tools);
    }

    private static long? ToolsOf(in BilledUsage usage, PriceRules rules)
    {
        var searches = usage.WebSearches == 0 ? 0 : usage.WebSearches * rules.WebSearch;
        var fetches = usage.WebFetches == 0 ? 0 : usage.WebFetches * rules.WebFetch;
        return searches + fetches;
    }

    private static int? GeoPercent(Model model, string? geo, PriceRules rules) => geo switch
    {
        null or "global" or "not_available" => 100,
        "us" => rules.UsInferenceListPrice.Contains(model.Id, StringComparer.Ordinal) ? 100 : rules.UsInferencePercent,
        _ => null,
    };

    /// <summary>Three percentages at once.</summary>
    private readonly record struct Factor(Int128 Millionths)
    {
        private const int One = 1_000_000;

        public long Times(Int128 nano) => checked((long)(((nano * Millionths) + (One / 2)) / One));
    }
}
