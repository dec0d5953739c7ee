namespace Tuppence.State.Ledger;

/// <summary>The append-only record of requests.</summary>
public interface ILedger : IAsyncDisposable
{
    /// <summary>
    /// Takes a row in. Never blocks and never throws: what is not in the store within its bound of time is counted and logged.
    /// </summary>
    void Add(LedgerEntry entry);

    /// <summary>Completes when every row that was added before the call is on disk.</summary>
    Task FlushAsync(CancellationToken cancellation);

    /// <summary>Rows, newest first.</summary>
    Task<LedgerPage> ReadAsync(LedgerQuery query, CancellationToken cancellation);

    /// <summary>One row, or null.</summary>
    Task<LedgerEntry?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Sums over rows, by group.</summary>
    Task<IReadOnlyList<LedgerSum>> SumAsync(LedgerQuery query, LedgerGrouping grouping, CancellationToken cancellation);

    /// <summary>Conversations, the latest first.</summary>
    Task<IReadOnlyList<LedgerConversation>> ConversationsAsync(LedgerQuery query, CancellationToken cancellation);
}
