using Tuppence.Upstreams.OAuth;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.SignIn;

/// <summary>Keeps sign-ins in a token store.</summary>
/// <param name="store">The store.</param>
internal sealed class StoreKeeper(ITokenStore store) : IGrantKeeper
{
    /// <inheritdoc/>
    public ITokenStore Store => store;

    /// <inheritdoc/>
    public Task<GrantReading> FindAsync(string upstream, CancellationToken cancellation) => store.ReadAsync(upstream, cancellation).AsTask();

    /// <inheritdoc/>
    public Task<GrantList> ListAsync(CancellationToken cancellation) => store.ListAsync(cancellation).AsTask();

    /// <inheritdoc/>
    public Task<string?> SaveAsync(StoredGrant grant, CancellationToken cancellation) => ChangeAsync(lease => lease.SignInAsync(grant, cancellation), cancellation);

    /// <inheritdoc/>
    public Task<string?> DeleteAsync(string upstream, CancellationToken cancellation) => ChangeAsync(lease => lease.RemoveAsync(upstream, null, cancellation), cancellation);

    private async Task<string?> ChangeAsync(Func<ITokenLease, ValueTask<SaveResult>> change, CancellationToken cancellation)
    {
        var (lease, problem) = await store.AcquireAsync(cancellation);
        if (lease is null)
        {
            return problem;
        }

        using (lease)
        {
            return (await change(lease)).Problem;
        }
    }
}
