using System.Text.Json;

namespace Tuppence.Messages.Models;

/// <summary>A model while its row is read.</summary>
internal sealed class ModelRow(Model model)
{
    private readonly List<(string Until, Dictionary<string, long> Prices)> history = [];
    private readonly Dictionary<string, long> prices = Named(model.Prices);
    private readonly Dictionary<string, long> longPrices = model.LongContextPrices is { } given ? Named(given) : new(StringComparer.Ordinal);
    private Model model = model;

    public Model ToModel()
    {
        var now = Priced(prices);
        return model with
        {
            Prices = now,
            LongContextPrices = longPrices.Count == 0 ? null : Priced(longPrices),
            PriceHistory = history.Count == 0
                ? model.PriceHistory
                : [.. history.Select(row => new PriceChange(row.Until, Priced(new Dictionary<string, long>(prices, StringComparer.Ordinal), row.Prices)))],
        };
    }

    public void Member(ref Utf8JsonReader reader, string name, string path)
    {
        switch (name)
        {
            case "aliases": model = model with { Aliases = JsonRead.Strings(ref reader, path) }; break;
            case "family": model = model with { Family = JsonRead.String(ref reader, path) }; break;
            case "status": model = model with { Status = JsonRead.String(ref reader, path) }; break;
            case "released": model = model with { Released = JsonRead.StringOrNull(ref reader, path) }; break;
            case "retirementNotBefore": model = model with { RetirementNotBefore = JsonRead.StringOrNull(ref reader, path) }; break;
            case "context": model = model with { Context = JsonRead.Integer(ref reader, path) }; break;
            case "maxOutput": model = model with { MaxOutput = JsonRead.Integer(ref reader, path) }; break;
            case "minCacheTokens": model = model with { MinCacheTokens = JsonRead.Integer(ref reader, path) }; break;
            case "prefill": model = model with { Prefill = JsonRead.Boolean(ref reader, path) }; break;
            case "midConversationSystem": model = model with { MidConversationSystem = JsonRead.Boolean(ref reader, path) }; break;
            case "perMessageEffort": model = model with { PerMessageEffort = JsonRead.Boolean(ref reader, path) }; break;
            case "forcedToolChoice": model = model with { ForcedToolChoice = JsonRead.Boolean(ref reader, path) }; break;
            case "prefixCheck": model = model with { PrefixCheck = JsonRead.String(ref reader, path) }; break;
            case "tokenizer": model = model with { Tokenizer = JsonRead.String(ref reader, path) }; break;
            case "source": model = model with { Source = JsonRead.Strings(ref reader, path) }; break;
            case "asOf": model = model with { AsOf = JsonRead.String(ref reader, path) }; break;
            case "sampling": JsonRead.Object(ref reader, path, this, static (ref reader, name, path, row) => row.Sampling(ref reader, name, path)); break;
            case "thinking": JsonRead.Object(ref reader, path, this, static (ref reader, name, path, row) => row.Thinking(ref reader, name, path)); break;
            case "pricePerMTok": JsonRead.Object(ref reader, path, this, static (ref reader, name, path, row) => row.Price(ref reader, name, path)); break;
            case "priceHistory": JsonRead.Array(ref reader, path, history, Change); break;
            case "platformIds": model = model with { PlatformIds = Names(ref reader, path) }; break;
            case "minCacheTokensByPlatform": model = model with { MinCacheTokensByPlatform = Numbers(ref reader, path) }; break;
            default: reader.Skip(); break;
        }
    }

    private void Sampling(ref Utf8JsonReader reader, string name, string path)
    {
        if (name != "rule")
        {
            reader.Skip();
            return;
        }

        model = model with
        {
            Sampling = JsonRead.String(ref reader, path) switch
            {
                "default-only" => SamplingRule.DefaultOnly,
                "temperature-xor-topP" => SamplingRule.TemperatureXorTopP,
                "all" => SamplingRule.All,
                _ => throw JsonRead.Wrong(path, "default-only, temperature-xor-topP or all"),
            },
        };
    }

    private void Thinking(ref Utf8JsonReader reader, string name, string path)
    {
        switch (name)
        {
            case "types": model = model with { Thinking = model.Thinking with { Types = JsonRead.Strings(ref reader, path) } }; break;
            case "rejectedTypes": model = model with { Thinking = model.Thinking with { RejectedTypes = JsonRead.Strings(ref reader, path) } }; break;
            case "default": model = model with { Thinking = model.Thinking with { Default = JsonRead.String(ref reader, path) } }; break;
            case "effortLevels": model = model with { Thinking = model.Thinking with { EffortLevels = JsonRead.Strings(ref reader, path) } }; break;
            case "displayDefault": model = model with { Thinking = model.Thinking with { DisplayDefault = JsonRead.StringOrNull(ref reader, path) } }; break;
            case "defaultEffort": model = model with { Thinking = model.Thinking with { DefaultEffort = JsonRead.StringOrNull(ref reader, path) } }; break;
            default: reader.Skip(); break;
        }
    }

    private void Price(ref Utf8JsonReader reader, string name, string path)
    {
        if (name == "longContext")
        {
            JsonRead.Object(ref reader, path, this, static (ref reader, name, path, row) =>
            {
                if (name == "thresholdPromptTokens")
                {
                    row.model = row.model with { LongContextThreshold = JsonRead.Integer(ref reader, path) };
                }
                else if (name == "counts")
                {
                    reader.Skip();
                }
                else
                {
                    row.longPrices[name] = NanoDollars(ref reader, path);
                }
            });
            return;
        }

        prices[name] = NanoDollars(ref reader, path);
    }

    private static void Change(ref Utf8JsonReader reader, string name, string path, List<(string Until, Dictionary<string, long> Prices)> history)
    {
        history.Add(("", new Dictionary<string, long>(StringComparer.Ordinal)));
        JsonRead.Object(ref reader, path, history, static (ref reader, name, path, history) =>
        {
            var row = history[^1];
            if (name == "until")
            {
                history[^1] = row with { Until = JsonRead.String(ref reader, path) };
            }
            else
            {
                row.Prices[name] = NanoDollars(ref reader, path);
            }
        });
    }

    private static Dictionary<string, string> Names(ref Utf8JsonReader reader, string path)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        JsonRead.Object(ref reader, path, names, static (ref reader, name, path, names) => names[name] = JsonRead.String(ref reader, path));
        return names;
    }

    private static Dictionary<string, int> Numbers(ref Utf8JsonReader reader, string path)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        JsonRead.Object(ref reader, path, numbers, static (ref reader, name, path, numbers) => numbers[name] = JsonRead.Integer(ref reader, path));
        return numbers;
    }

    /// <summary>Dollars a million tokens, as the file has them, are thousands of nano-dollars a token.</summary>
    private static long NanoDollars(ref Utf8JsonReader reader, string path)
    {
        var nano = JsonRead.Decimal(ref reader, path) * 1000;
        return nano >= 0 && nano == decimal.Truncate(nano) && nano < long.MaxValue
            ? (long)nano
            : throw JsonRead.Wrong(path, "a price of at most three decimals");
    }

    private static Dictionary<string, long> Named(ModelPrices p) => new(StringComparer.Ordinal)
    {
        ["input"] = p.Input,
        ["output"] = p.Output,
        ["cacheWrite5m"] = p.CacheWrite5m,
        ["cacheWrite1h"] = p.CacheWrite1h,
        ["cacheRead"] = p.CacheRead,
        ["batchInput"] = p.BatchInput,
        ["batchOutput"] = p.BatchOutput,
    };

    private static ModelPrices Priced(Dictionary<string, long> prices, Dictionary<string, long>? over = null)
    {
        long Of(string name) => over is not null && over.TryGetValue(name, out var value) ? value : prices.GetValueOrDefault(name);
        return new ModelPrices(Of("input"), Of("output"), Of("cacheWrite5m"), Of("cacheWrite1h"), Of("cacheRead"), Of("batchInput"), Of("batchOutput"));
    }
}
