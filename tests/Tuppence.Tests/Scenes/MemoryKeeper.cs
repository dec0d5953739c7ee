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

    public Task<GrantReading> FindAsync(string upstream, CancellationToken cancellation) =>
        Task.FromResult(new GrantReading(Grants.TryGetValue(upstream, out var grant) ? new StoredEntry(grant, null) : null, null));

    public Task<GrantList> ListAsync(CancellationToken cancellation) =>
        Task.FromResult(new GrantList([.. Grants.Values.Select(static grant => new StoredEntry(grant, null))], []));

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
