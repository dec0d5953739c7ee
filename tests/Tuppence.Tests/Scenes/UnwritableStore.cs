using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Tests.Scenes;

/// <summary>A store that can be read and locked and takes no change, like one on a full disk.</summary>
public sealed class UnwritableStore(ITokenStore store) : ITokenStore
{
    public string Place => store.Place;

    public string? Warning => store.Warning;

    public StoreStamp Stamp() => store.Stamp();

    public ValueTask<GrantReading> ReadAsync(string upstream, CancellationToken cancellation) => store.ReadAsync(upstream, cancellation);

    public ValueTask<GrantList> ListAsync(CancellationToken cancellation) => store.ListAsync(cancellation);

    public async ValueTask<LeaseResult> AcquireAsync(CancellationToken cancellation) => new(new Lease((await store.AcquireAsync(cancellation)).Lease!), null);

    private sealed class Lease(ITokenLease lease) : ITokenLease
    {
        private static readonly ValueTask<SaveResult> Full = new(SaveResult.Failed("The disk is full."));

        public ValueTask<GrantReading> ReadAsync(string upstream, CancellationToken cancellation) => lease.ReadAsync(upstream, cancellation);

        public ValueTask<SaveResult> SignInAsync(StoredGrant grant, CancellationToken cancellation) => Full;

        public ValueTask<SaveResult> ReplaceAsync(StoredGrant grant, CancellationToken cancellation) => Full;

        public ValueTask<SaveResult> MarkAsync(StoredGrant grant, RefreshMark? mark, CancellationToken cancellation) => Full;

        public ValueTask<SaveResult> UseAsync(string upstream, string account, CancellationToken cancellation) => Full;

        public ValueTask<SaveResult> RemoveAsync(string upstream, string? account, CancellationToken cancellation) => Full;

        public void Dispose() => lease.Dispose();
    }
}
