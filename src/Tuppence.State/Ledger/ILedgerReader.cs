namespace Tuppence.State.Ledger;

/// <summary>Asks a ledger. Rows come newest first: by the time of arrival, and by when they were added where that is the same.</summary>
/// <remarks>Every call throws <see cref="LedgerException"/> where the ledger cannot be read; its message is for people.</remarks>
public interface ILedgerReader
{
    /// <summary>Rows, newest first.</summary>
    Task<LedgerPage> ReadAsync(LedgerQuery query, CancellationToken cancellation);

    /// <summary>One row, or null.</summary>
    Task<LedgerEntry?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>Those of some ids that have a row, in no order.</summary>
    Task<IReadOnlyCollection<string>> KnownAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation);

    /// <summary>
    /// Sums over rows, by group. <see cref="LedgerQuery.Before"/> and <see cref="LedgerQuery.Limit"/> do not narrow them. Hours and days come in
    /// their order and only where there are rows; the others by cost, the dearest first, at most 10,000 of them. <see cref="LedgerGrouping.Total"/>
    /// always gives one sum.
    /// </summary>
    Task<IReadOnlyList<LedgerSum>> SumAsync(LedgerQuery query, LedgerGrouping grouping, CancellationToken cancellation);

    /// <summary>
    /// Conversations that have a row of the query, the latest first, each with its rows of the query added up. <see cref="LedgerQuery.Before"/> is
    /// the name of a conversation here, and the words of <see cref="LedgerQuery.Search"/> are looked for in name, title, model and client.
    /// </summary>
    Task<IReadOnlyList<LedgerConversation>> ConversationsAsync(LedgerQuery query, CancellationToken cancellation);
}
