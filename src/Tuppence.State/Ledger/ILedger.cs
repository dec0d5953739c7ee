namespace Tuppence.State.Ledger;

/// <summary>The append-only record of requests.</summary>
public interface ILedger : ILedgerReader, IAsyncDisposable
{
    /// <summary>What keeps rows from being stored, in words for people; null while all is well.</summary>
    string? Problem { get; }

    /// <summary>Rows that were lost because the queue was full.</summary>
    long Lost { get; }

    /// <summary>
    /// Takes a row in. Never blocks and never throws: what is not in the store within its bound of time is counted and logged. A row whose id is
    /// already there is not added again.
    /// </summary>
    void Add(LedgerEntry entry);

    /// <summary>Completes when every row that was added before the call is on disk.</summary>
    Task FlushAsync(CancellationToken cancellation);
}
