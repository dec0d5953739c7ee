namespace Tuppence.Upstreams.TokenStores;

/// <summary>All grants of a store.</summary>
/// <param name="Entries">Those that can be read; of an upstream's accounts the one in use comes first.</param>
/// <param name="Problems">What is wrong with the rest, or with the store as a whole; empty where nothing is.</param>
public sealed record GrantList(IReadOnlyList<StoredEntry> Entries, IReadOnlyList<string> Problems);
