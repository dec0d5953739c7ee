namespace Tuppence.Upstreams.TokenStores;

/// <summary>The operating system's key store where there is one, else a key file. A key file that is there stays in use.</summary>
/// <param name="system">The key store.</param>
/// <param name="file">The key file.</param>
internal sealed class KeyChoice(IKeySource system, KeyInFile file) : IKeySource
{
    /// <inheritdoc/>
    public string Place => file.Exists ? file.Place : system.Place;

    /// <inheritdoc/>
    public string? Warning => file.Exists ? file.Warning : system.Warning;

    /// <inheritdoc/>
    public async ValueTask<KeyResult> FindAsync(string? name, CancellationToken cancellation)
    {
        var found = await file.FindAsync(name, cancellation);
        return found.Key is not null || found.Problem is not null ? found : await system.FindAsync(name, cancellation);
    }

    /// <inheritdoc/>
    public async ValueTask<KeyResult> FindOrCreateAsync(CancellationToken cancellation)
    {
        if (file.Exists)
        {
            return await file.FindOrCreateAsync(cancellation);
        }

        var stored = await system.FindOrCreateAsync(cancellation);
        return stored.Key is not null ? stored : await file.FindOrCreateAsync(cancellation);
    }
}
