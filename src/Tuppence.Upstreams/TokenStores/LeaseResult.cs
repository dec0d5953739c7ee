namespace Tuppence.Upstreams.TokenStores;

/// <summary>A lease, or the reason there is none.</summary>
/// <param name="Lease">The lease; the caller disposes of it.</param>
/// <param name="Problem">Who holds it or what else is wrong, and what to do; null where there is a lease.</param>
public readonly record struct LeaseResult(ITokenLease? Lease, string? Problem);
