using System.Collections.Concurrent;
using Tuppence.Upstreams.OAuth;
using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Tests.Scenes;

/// <summary>Keeps grants in memory, or refuses to.</summary>
public sealed class MemoryKeeper : IGrantKeeper
{
    public ConcurrentDictionary<string, StoredGrant> Grants { get; } = new(StringComparer.Ordinal);

    /// <summary>What saving and deleting answer, where they shall fail.</summary>
    public string? Problem { get; set; }

    public Task<StoredGrant?> FindAsync(string upstream, CancellationToken cancellation) => Task.FromResult(Grants.GetValueOrDefault(upstream));

    public Task<IReadOnlyList<StoredGrant>> ListAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<StoredGrant>>([.. Grants.Values]);

    public Task<string?> SaveAsync(StoredGrant grant, CancellationToken cancellation)
    {
        if (Problem is null)
        {
            Grants[grant.Upstream] = grant;
        }

        return Task.FromResult(Problem);
    }

    public Task<string?> DeleteAsync(string upstream, CancellationToken cancellation)
    {
        if (Problem is null)
        {
            Grants.TryRemove(upstream, out _);
        }

        return Task.FromResult(Problem);
    }
}
