using System.Text;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>The key as a file, mode 0600, beside the tokens: for machines without a key store of their own.</summary>
internal sealed class KeyInFile(PrivateFolder folder) : IKeySource
{
    private const string Name = "tokens.key";

    /// <inheritdoc/>
    public string Place => folder[Name];

    /// <summary>Says in plain words what the file does not protect from.</summary>
    public string? Warning =>
        $"This machine offers no key store to Tuppence, so the key that the sign-ins are encrypted with stands beside them in “{Place}”. "
        + "Whoever can read this folder can use them: keep it out of backups and shares that others read.";

    /// <summary>True where the file is there.</summary>
    public bool Exists => File.Exists(Place);

    /// <inheritdoc/>
    public ValueTask<KeyResult> FindAsync(string? name, CancellationToken cancellation) => new(Find(name));

    /// <inheritdoc/>
    public ValueTask<KeyResult> FindOrCreateAsync(CancellationToken cancellation)
    {
        var found = Find(null);
        if (found.Key is not null || found.Problem is not null)
        {
            return new(found);
        }

        var key = StoreKey.Create();
        return new(folder.Replace(Name, Encoding.ASCII.GetBytes(key.Reveal() + "\n")) is { } problem ? new KeyResult(null, problem) : new KeyResult(key, null));
    }

    private KeyResult Find(string? name)
    {
        var (bytes, problem) = folder.Read(Name);
        if (bytes is null)
        {
            return new KeyResult(null, problem);
        }

        var key = StoreKey.Parse(Encoding.ASCII.GetString(bytes));
        return key is null ? new KeyResult(null, $"“{Place}” holds no key (32 bytes in base64). Put back the right file, or remove it and sign in again.")
            : name is null || name == key.Name ? new KeyResult(key, null)
            : default;
    }
}
