namespace Tuppence.Upstreams.TokenStores;

/// <summary>What the store holds for an upstream: an entry, nothing (both null), or a reason why it cannot be read.</summary>
/// <param name="Entry">The entry in use, or null.</param>
/// <param name="Problem">What is wrong and what to do; null where nothing is.</param>
public readonly record struct GrantReading(StoredEntry? Entry, string? Problem);
