using Tuppence.State.Ledger;

namespace Tuppence.State.Exports;

/// <summary>Writes rows in one form.</summary>
internal interface IRowWriter
{
    /// <summary>Writes what stands before the rows.</summary>
    ValueTask BeginAsync(CancellationToken cancellation);

    /// <summary>Writes a row, now or with those after it.</summary>
    ValueTask AddAsync(LedgerEntry entry, CancellationToken cancellation);

    /// <summary>Writes what stands after them.</summary>
    ValueTask EndAsync(CancellationToken cancellation);
}
