using Tuppence.Messages.Models;
using Tuppence.Messages.Pricing;

namespace Tuppence.Tests.Unit.Pricing;

public sealed class PriceListTests
{
    private static readonly DateOnly Day = new(2026, 11, 23);
    private static readonly BilledUsage Some = new() { Input = 10, Output = 10 };

    [Theory]
    [InlineData("2026-10-06", 200)]
    [InlineData("2026-10-07", 100)]
    [InlineData("2026-01-01", 200)]
    public void A_price_holds_for_the_day_of_the_request(string day, long nano) =>
        Assert.Equal(nano, PriceList.Default.Of("claude-sonnet-5-5", new BilledUsage { CacheRead = 1 }, DateOnly.Parse(day))!.Value.CacheRead);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("gpt-4o")]
    [InlineData("claude-opus-9")]
    public void An_unknown_model_has_no_price_rather_than_none_to_pay(string? model) => Assert.Null(PriceList.Default.Of(model, Some, Day));

    [Theory]
    [InlineData("flex", null, null)]
    [InlineData(null, "eu", null)]
    [InlineData(null, null, "fast")]
    public void Terms_that_the_list_does_not_have_have_no_price(string? tier, string? geo, string? speed) =>
        Assert.Null(PriceList.Default.Of("claude-opus-5", Some with { ServiceTier = tier, InferenceGeo = geo, Speed = speed }, Day));

    [Fact]
    public void A_batch_costs_half_of_everything_but_tools() =>
        Assert.Equal(
            new Price(5 * 1000, 5 * 100, (5 * 1250) + (5 * 2000), 5 * 5000, 10_000_000, (5 + 5 + 5 + 5) * 1000 + 25_000 + 10_000_000),
            PriceList.Default.Of("claude-haiku-4-5", new BilledUsage { Input = 10, CacheRead = 10, CacheWrite5m = 10, CacheWrite1h = 10, Output = 10, WebSearches = 1, IsBatch = true }, Day));

    [Theory]
    [InlineData(1, 63)]
    [InlineData(2, 125)]
    public void Half_a_nano_dollar_counts_as_a_whole_one(int tokens, long nano) =>
        Assert.Equal(nano, PriceList.Default.Of("claude-haiku-5-5", new BilledUsage { CacheWrite5m = tokens, IsBatch = true }, Day)!.Value.CacheWrite);

    [Theory]
    [InlineData("bedrock", true, 5_500)]
    [InlineData("bedrock", false, 5_000)]
    [InlineData("vertex", true, 5_500)]
    [InlineData("anthropic", true, 5_000)]
    [InlineData("foundry", true, 5_000)]
    public void A_regional_endpoint_costs_a_tenth_more(string platform, bool regional, long nano) =>
        Assert.Equal(nano, PriceList.Default.Of("claude-opus-5", new BilledUsage { Input = 1, Platform = platform, IsRegional = regional }, Day)!.Value.Total);

    [Theory]
    [InlineData(100_000, 100)]
    [InlineData(100_001, 500)]
    public void Above_the_threshold_all_tokens_cost_the_long_context_price(int tokens, long each) =>
        Assert.Equal(tokens * each, PriceList.Default.Of("claude-haiku-5-5", new BilledUsage { Input = tokens }, Day)!.Value.Input);

    [Fact]
    public void A_table_without_prices_for_tools_does_not_give_them_away()
    {
        var bare = new PriceList(ModelTable.Load("""{"models":[{"id":"m","pricePerMTok":{"input":1,"output":1}}]}"""u8));
        Assert.Null(bare.Of("m", new BilledUsage { Input = 1, WebSearches = 1 }, Day));
        Assert.Equal(1000, bare.Of("m", new BilledUsage { Input = 1 }, Day)!.Value.Total);
        Assert.Null(bare.Of("m", new BilledUsage { Input = 1, WebFetches = 1 }, Day));
    }
}
