namespace Tuppence.Upstreams.TokenStores;

/// <summary>A grant as it stands in the store, with what is known of its refresh.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Mark">A refresh that began and did not end well; null where there is none.</param>
public sealed record StoredEntry(StoredGrant Grant, RefreshMark? Mark);
