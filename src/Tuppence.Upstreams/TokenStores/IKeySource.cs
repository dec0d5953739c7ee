namespace Tuppence.Upstreams.TokenStores;

/// <summary>Keeps the key under which grants are sealed.</summary>
public interface IKeySource
{
    /// <summary>Where the key is, for people.</summary>
    string Place { get; }

    /// <summary>What people should know about how safely it is kept; null where there is nothing to say.</summary>
    string? Warning { get; }

    /// <summary>The key named <paramref name="name"/>, or the one that new grants are sealed with where that is null.</summary>
    ValueTask<KeyResult> FindAsync(string? name, CancellationToken cancellation);

    /// <summary>The key that new grants are sealed with, made where there is none. Called under the store's lease.</summary>
    ValueTask<KeyResult> FindOrCreateAsync(CancellationToken cancellation);
}
