using Tuppence.State.Ledger;

namespace Tuppence.Accounting;

/// <summary>Puts every request that ended into the ledger.</summary>
internal sealed class LedgerSink(ILedger ledger) : IRequestSink
{
    /// <inheritdoc/>
    public void Began(OpenRequest request)
    {
        // A row is made at the end.
    }

    /// <inheritdoc/>
    public void Advanced(OpenRequest request)
    {
        // A row is made at the end.
    }

    /// <inheritdoc/>
    public void Ended(OpenRequest request, LedgerEntry entry) => ledger.Add(entry);
}
