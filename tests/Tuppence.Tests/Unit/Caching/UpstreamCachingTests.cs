using Tuppence.Caching;
using Tuppence.Configuration;
using Tuppence.Messages.Models;
using Tuppence.Thrift;

namespace Tuppence.Tests.Unit.Caching;

public sealed class UpstreamCachingTests
{
    [Theory]
    // Reads of this model became cheaper on 2026-10-07.
    [InlineData("2026-10-06T23:59:59Z", 100, 2_000, 200)]
    [InlineData("2026-10-07T00:00:00Z", 100, 2_000, 100)]
    [InlineData("2026-10-06T20:00:00-05:00", 100, 2_000, 100)]
    [InlineData("2026-11-23T12:00:00Z", 110, 2_200, 110)]
    public void A_plan_reckons_with_the_prices_of_its_day_and_endpoint(string at, int percent, long input, long read)
    {
        Assert.True(ModelTable.Default.TryFind("claude-sonnet-5-5", out var model));
        var context = UpstreamCaching.Of(new UpstreamConfig()).ContextOf(model, "scope", CacheLevel.Markers, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture), percent);
        Assert.Equal((input, read), (context.Prices.Input, context.Prices.CacheRead));
    }

    [Fact]
    public void The_price_above_a_long_context_has_the_endpoints_part_too()
    {
        Assert.True(ModelTable.Default.TryFind("claude-haiku-5-5", out var model));
        var context = UpstreamCaching.Of(new UpstreamConfig()).ContextOf(model, "scope", CacheLevel.Markers, DateTimeOffset.UnixEpoch.AddYears(57), ModelTable.Default.PriceRules.PercentAt("bedrock", isRegional: true));
        Assert.Equal((110, 550), (context.PricesFor(100_000).Input, context.PricesFor(100_001).Input));
    }

    [Fact]
    public void Only_regional_endpoints_of_platforms_that_have_a_global_one_cost_more()
    {
        var rules = ModelTable.Default.PriceRules;
        Assert.Equal((110, 100, 100, 100), (rules.PercentAt("vertex", true), rules.PercentAt("vertex", false), rules.PercentAt("anthropic", true), rules.PercentAt(null, true)));
    }
}
