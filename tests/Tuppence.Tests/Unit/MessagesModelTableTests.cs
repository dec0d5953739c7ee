using System.Text;
using Tuppence.Messages.Models;

namespace Tuppence.Tests.Unit;

public sealed class MessagesModelTableTests
{
    [Theory]
    [InlineData("claude-opus-5-5", "claude-opus-5-5")]
    [InlineData("claude-sonnet-4-5", "claude-sonnet-4-5-20250929")]
    [InlineData("claude-haiku-4-5@20251001", "claude-haiku-4-5-20251001")]
    [InlineData("us.anthropic.claude-opus-4-6-v1", "claude-opus-4-6")]
    [InlineData("anthropic/claude-sonnet-5", "claude-sonnet-5")]
    [InlineData("claude-sonnet-5-20260630", "claude-sonnet-5")]
    public void A_model_is_found_by_each_of_its_names(string name, string id)
    {
        Assert.True(ModelTable.Default.TryFind(Encoding.UTF8.GetBytes(name), out var model));
        Assert.Equal(id, model.Id);
    }

    [Theory]
    [InlineData("claude-sonnet-9")]
    [InlineData("")]
    [InlineData("clauде-opus-5-5")]
    public void An_unknown_name_is_not_found(string name) => Assert.False(ModelTable.Default.TryFind(Encoding.UTF8.GetBytes(name), out _));

    [Fact]
    public void Look_ups_allocate_nothing()
    {
        var table = ModelTable.Default;
        var found = table.TryFind("global.anthropic.claude-opus-5-5"u8, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            found &= table.TryFind("global.anthropic.claude-opus-5-5"u8, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(found);
    }

    [Fact]
    public void Prices_are_whole_nano_dollars_a_token()
    {
        Assert.True(ModelTable.Default.TryFind("claude-haiku-5-5", out var haiku));
        Assert.Equal(new ModelPrices(100, 500, 125, 200, 10, 50, 250), haiku.Prices);
        Assert.Equal(100_000, haiku.LongContextThreshold);
        Assert.Equal(new ModelPrices(500, 2500, 625, 1000, 50, 250, 1250), haiku.LongContextPrices);
        Assert.True(ModelTable.Default.TryFind("claude-sonnet-5-5", out var sonnet));
        var earlier = Assert.Single(sonnet.PriceHistory);
        Assert.Equal(("2026-10-06", 200L, 2000L), (earlier.Until, earlier.Prices.CacheRead, earlier.Prices.Input));
        Assert.Equal(100, sonnet.Prices.CacheRead);
    }

    [Fact]
    public void Every_row_is_whole()
    {
        Assert.Equal(18, ModelTable.Default.Models.Count);
        Assert.All(ModelTable.Default.Models, model =>
        {
            Assert.True(model.Context > 0 && model.MaxOutput > 0 && model.MinCacheTokens > 0, model.Id);
            Assert.NotEqual(SamplingRule.Unknown, model.Sampling);
            Assert.NotEmpty(model.Thinking.Types);
            Assert.Equal((model.Prices.Input * 5 / 4, model.Prices.Input * 2), (model.Prices.CacheWrite5m, model.Prices.CacheWrite1h));
            Assert.NotEmpty(model.Source);
        });
        Assert.Equal(4, ModelTable.Default.CacheRules.MaxBreakpoints);
        Assert.Equal(new CacheTtl(3600, 200), ModelTable.Default.CacheRules.Ttls["1h"]);
        Assert.Contains(ModelTable.Default.Retired, model => model.Id == "claude-3-haiku-20240307");
    }

    [Fact]
    public void Overrides_amend_rows_and_add_new_ones()
    {
        var table = ModelTable.LoadDefault("""
            {"models":[{"pricePerMTok":{"input":3.5},"id":"claude-opus-5-5"},{"id":"house-model","sampling":{"rule":"all"},"prefill":true}]}
            """u8);
        Assert.True(table.TryFind("claude-opus-5-5", out var opus));
        Assert.Equal(3500, opus.Prices.Input);
        Assert.Equal(128_000, opus.MaxOutput);
        Assert.True(opus.Prices.Output > 0);
        Assert.True(table.TryFind("house-model", out var house));
        Assert.Equal(SamplingRule.All, house.Sampling);
    }

    [Theory]
    [InlineData("{\"models\":[{\"family\":\"x\"}]}", "$.models[0].id")]
    [InlineData("{\"models\":[{\"id\":\"x\",\"context\":\"big\"}]}", "$.models[0].context must be a whole number")]
    [InlineData("{\"models\":[{\"id\":\"x\",\"pricePerMTok\":{\"input\":0.00001}}]}", "at most three decimals")]
    [InlineData("{\"models\":[", "Cannot read the model overrides")]
    public void A_faulty_override_is_refused_with_its_path(string json, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => ModelTable.LoadDefault(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void Types_of_thinking_can_be_refused_at_some_effort_alone()
    {
        Assert.True(ModelTable.Default.TryFind("claude-opus-5", out var opus));
        Assert.False(opus.Thinking.Rejects("disabled"));
        Assert.True(opus.Thinking.Rejects("disabled", "max"));
        Assert.False(opus.Thinking.Rejects("disabled", null));
        Assert.True(opus.Thinking.Rejects("enabled", null));
    }
}
