using Tuppence.Accounting;
using Tuppence.State.Budgets;
using Tuppence.State.Ledger;

namespace Tuppence.Spending;

/// <summary>Counts what each request cost in place of what was held back for it.</summary>
internal sealed class BudgetSink(BudgetBook book) : IRequestSink
{
    /// <inheritdoc/>
    public void Began(OpenRequest request)
    {
    }

    /// <inheritdoc/>
    public void Advanced(OpenRequest request)
    {
    }

    /// <inheritdoc/>
    public void Ended(OpenRequest request, LedgerEntry entry)
    {
        var spent = entry.Cost?.Total ?? 0;
        var unpriced = entry is { Usage: not null, Cost: null, Kind: not RequestKind.CountTokens } ? 1 : 0;
        if (request.Reserved?.TrySettle(spent, unpriced) != true && (spent > 0 || unpriced > 0))
        {
            book.Count(entry.Key, entry.Preset, entry.At, spent, unpriced);
        }
    }
}
