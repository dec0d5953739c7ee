using Tuppence.Messages.Models;

namespace Tuppence.Emulator.Admin;

/// <summary>The running bill: what the requests of each account have cost with each model. Safe for parallel use.</summary>
/// <remarks>
/// List prices, half of them for batches, a tenth more for inference in the United States where the model table says so, $10 for a thousand web
/// searches. Reckoned in decimals; input, reads, writes and output of a reply are each rounded to a nano-dollar, halves up.
/// Source: https://platform.claude.com/docs/en/about-claude/pricing (2026-08-21).
/// </remarks>
internal sealed class Ledger
{
    private const long WebSearch = 10_000_000;

    private readonly Lock gate = new();
    private readonly SortedDictionary<(DateOnly Day, string Account, string Model, string Tier, string Geo), LedgerLine> lines = [];

    /// <summary>All lines, in the order of day, account, model, tier and place.</summary>
    public IReadOnlyList<LedgerLine> Lines
    {
        get
        {
            lock (gate)
            {
                return [.. lines.Values];
            }
        }
    }

    /// <summary>What each account owes for each model, in that order.</summary>
    public IReadOnlyList<LedgerLine> Totals =>
        [.. Lines.GroupBy(static line => (line.Account, line.Model)).OrderBy(static group => group.Key).Select(static group => group.Aggregate(static (sum, line) => sum.Plus(line)))];

    /// <summary>Puts a reply on the bill.</summary>
    public void Add(BillItem item)
    {
        var (input, prices, sign) = (item.Input, item.Model.PricesOf(item.Input.InputTokens + item.Input.Written + item.Input.Read), item.Replies);
        var factor = (item.IsBatch ? 0.5m : 1m) * (item.Geo == "us" && !ModelTable.Default.PriceRules.UsInferenceListPrice.Contains(item.Model.Id, StringComparer.Ordinal) ? 1.1m : 1m);
        long Nano(decimal list) => (long)Math.Round(list * factor, MidpointRounding.AwayFromZero);
        var line = new LedgerLine(item.Account, item.Model.Id)
        {
            Day = item.Day,
            Tier = item.IsBatch ? "batch" : "standard",
            Geo = item.Geo,
            Requests = sign,
            InputTokens = sign * input.InputTokens,
            Written5m = sign * input.Written5m,
            Written1h = sign * input.Written1h,
            Read = sign * input.Read,
            OutputTokens = sign * item.Output,
            WebSearches = sign * item.WebSearches,
            InputCost = sign * (Nano((decimal)input.InputTokens * prices.Input) + Nano((decimal)input.Read * prices.CacheRead)
                + Nano(((decimal)input.Written5m * prices.CacheWrite5m) + ((decimal)input.Written1h * prices.CacheWrite1h))),
            OutputCost = sign * Nano((decimal)item.Output * prices.Output),
            SearchCost = sign * item.WebSearches * WebSearch,
        };
        var key = (line.Day, line.Account, line.Model, line.Tier, line.Geo ?? "");
        lock (gate)
        {
            lines[key] = lines.TryGetValue(key, out var known) ? known.Plus(line) : line;
        }
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        lock (gate)
        {
            lines.Clear();
        }
    }
}
