using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Upstreams.OAuth;

/// <summary>Where a sign-in's tokens are kept, as far as signing in and out needs it.</summary>
public interface IGrantKeeper
{
    /// <summary>The grant for an upstream, or null.</summary>
    Task<StoredGrant?> FindAsync(string upstream, CancellationToken cancellation);

    /// <summary>All grants, those of upstreams that are no longer configured among them.</summary>
    Task<IReadOnlyList<StoredGrant>> ListAsync(CancellationToken cancellation);

    /// <summary>Keeps a grant in place of the one before; gives the problem, in words for people, or null.</summary>
    Task<string?> SaveAsync(StoredGrant grant, CancellationToken cancellation);

    /// <summary>Forgets the grant for an upstream; gives the problem, in words for people, or null.</summary>
    Task<string?> DeleteAsync(string upstream, CancellationToken cancellation);
}
