namespace Tuppence.State.Ledger;

/// <summary>A conversation as the ledger knows it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Title">Its title where the user allows content.</param>
/// <param name="Model">The model of its latest turn.</param>
/// <param name="Client">The client of its latest turn.</param>
/// <param name="Since">Its first request.</param>
/// <param name="Latest">Its latest request.</param>
/// <param name="Sum">Its rows added up.</param>
public sealed record LedgerConversation(string Id, string? Title, string? Model, string? Client, DateTimeOffset Since, DateTimeOffset Latest, LedgerSum Sum);
