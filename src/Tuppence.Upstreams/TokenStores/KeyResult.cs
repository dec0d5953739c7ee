namespace Tuppence.Upstreams.TokenStores;

/// <summary>A key, or the reason there is none; both null where none has been made yet.</summary>
/// <param name="Key">The key.</param>
/// <param name="Problem">What is wrong and what to do.</param>
public readonly record struct KeyResult(StoreKey? Key, string? Problem);
