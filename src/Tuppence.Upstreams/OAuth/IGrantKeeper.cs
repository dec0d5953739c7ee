using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Upstreams.OAuth;

/// <summary>Where a sign-in's tokens are kept, as far as signing in and out needs it.</summary>
public interface IGrantKeeper
{
    /// <summary>The store behind it, for credentials that are refreshed; null where there is none.</summary>
    ITokenStore? Store => null;

    /// <summary>What is kept for an upstream: its entry in use, nothing, or why that cannot be read.</summary>
    Task<GrantReading> FindAsync(string upstream, CancellationToken cancellation);

    /// <summary>All that is kept, for upstreams that are no longer configured too.</summary>
    Task<GrantList> ListAsync(CancellationToken cancellation);

    /// <summary>Keeps a grant in place of the one before; gives the problem, in words for people, or null.</summary>
    Task<string?> SaveAsync(StoredGrant grant, CancellationToken cancellation);

    /// <summary>Forgets what is kept for an upstream; gives the problem, in words for people, or null.</summary>
    Task<string?> DeleteAsync(string upstream, CancellationToken cancellation);
}
