namespace Tuppence.State.Ledger;

/// <summary>Some rows, newest first.</summary>
/// <param name="Entries">The rows.</param>
/// <param name="Next">What <see cref="LedgerQuery.Before"/> must be for the next page; null at the end.</param>
public sealed record LedgerPage(IReadOnlyList<LedgerEntry> Entries, string? Next);
