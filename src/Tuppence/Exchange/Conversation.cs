namespace Tuppence.Exchange;

/// <summary>The conversation that a request belongs to, where it matters which upstream answers it.</summary>
/// <param name="Key">Digest of what stays the same in each of its requests.</param>
internal sealed record Conversation(UInt128 Key);
