using Tuppence.Emulator.Caching;
using Tuppence.Emulator.Models;

namespace Tuppence.Emulator.Admin;

/// <summary>The running bill: what the requests of each account have cost with each model, at the list prices. Safe for parallel use.</summary>
internal sealed class Ledger
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<(string Account, string Model), LedgerLine> lines = [];

    /// <summary>All lines, in the order of account and model.</summary>
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

    /// <summary>Puts a reply on the bill.</summary>
    /// <param name="account">Stands for the credential.</param>
    /// <param name="model">The model.</param>
    /// <param name="input">The input side of its usage.</param>
    /// <param name="output">Its output tokens.</param>
    public void Add(string account, EmulatedModel model, CacheUsage input, int output)
    {
        var prices = model.PricesOf(input.InputTokens + input.Written + input.Read);
        lock (gate)
        {
            var line = lines.GetValueOrDefault((account, model.Id)) ?? new LedgerLine(account, model.Id);
            lines[(account, model.Id)] = line with
            {
                Requests = line.Requests + 1,
                InputTokens = line.InputTokens + input.InputTokens,
                Written5m = line.Written5m + input.Written5m,
                Written1h = line.Written1h + input.Written1h,
                Read = line.Read + input.Read,
                OutputTokens = line.OutputTokens + output,
                InputCost = line.InputCost + (input.InputTokens * prices.Input) + (input.Written5m * prices.CacheWrite5m) + (input.Written1h * prices.CacheWrite1h) + (input.Read * prices.CacheRead),
                OutputCost = line.OutputCost + (output * prices.Output),
            };
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
