using Tuppence.State.Ledger;

namespace Tuppence.Accounting;

/// <summary>Hands each request that has ended to the ledger.</summary>
internal sealed class LedgerSink(ILedger ledger) : IRequestSink
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
    public void Ended(OpenRequest request, LedgerEntry entry) => ledger.Add(entry);
}
