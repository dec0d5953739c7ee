using System.Globalization;
using System.Text.Json;
using Tuppence.Messages.Models;

namespace Tuppence.Tests.Unit.Pricing;

/// <summary>The bill reckoned a second time: in decimals, straight from the JSON of <c>models.json</c>, by none of the code under test.</summary>
internal static class IndependentBill
{
    private static readonly JsonElement Table = Read();

    /// <summary>Ids of all models.</summary>
    public static IReadOnlyList<string> Models { get; } = [.. Table.GetProperty("models").EnumerateArray().Select(static model => model.GetProperty("id").GetString()!)];

    /// <summary>Nano-dollars for input, reads, writes, output, tools.</summary>
    public static (long Input, long Read, long Write, long Output, long Tools) Of(string model, Sold sold)
    {
        var row = Table.GetProperty("models").EnumerateArray().Single(one => one.GetProperty("id").GetString() == model);
        var prices = row.GetProperty("pricePerMTok");
        var prompt = sold.Input + sold.Read + sold.Write5m + sold.Write1h;
        decimal Dollars(string name)
        {
            if (prices.TryGetProperty("longContext", out var longer) && prompt > longer.GetProperty("thresholdPromptTokens").GetInt32())
            {
                return longer.GetProperty(name).GetDecimal();
            }

            if (row.TryGetProperty("priceHistory", out var history))
            {
                foreach (var change in history.EnumerateArray())
                {
                    if (sold.Day <= DateOnly.ParseExact(change.GetProperty("until").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture) && change.TryGetProperty(name, out var then))
                    {
                        return then.GetDecimal();
                    }
                }
            }

            return prices.GetProperty(name).GetDecimal();
        }

        string[] undated = ["claude-opus-4-5-20251101", "claude-sonnet-4-5-20250929", "claude-haiku-4-5-20251001"];
        var factor = (sold.Batch ? 0.5m : 1m) * (sold.Geo == "us" && !undated.Contains(model) ? 1.1m : 1m) * (sold.Regional ? 1.1m : 1m);
        // Dollars a million tokens are thousands of nano-dollars a token.
        long Nano(decimal millionths) => (long)decimal.Round(millionths * 1000m * factor, 0, MidpointRounding.AwayFromZero);
        return (
            Nano(sold.Input * Dollars("input")),
            Nano(sold.Read * Dollars("cacheRead")),
            Nano((sold.Write5m * Dollars("cacheWrite5m")) + (sold.Write1h * Dollars("cacheWrite1h"))),
            Nano(sold.Output * Dollars("output")),
            sold.Searches * 10_000_000L);
    }

    private static JsonElement Read()
    {
        using var stream = typeof(ModelTable).Assembly.GetManifestResourceStream("Tuppence.Messages.models.json")!;
        return JsonDocument.Parse(stream).RootElement.Clone();
    }

    /// <summary>What was sold.</summary>
    public sealed record Sold(DateOnly Day, int Input = 0, int Read = 0, int Write5m = 0, int Write1h = 0, int Output = 0, int Searches = 0, bool Batch = false, string? Geo = null, bool Regional = false);
}
