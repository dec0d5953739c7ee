using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Tuppence.Upstreams.TokenStores;

/// <summary>
/// Sign-ins in the file <c>tokens.json</c> of a private folder: tokens sealed, the file replaced as a whole and durably, changed by one process at a time
/// under <c>tokens.lock</c>. Safe to call from many threads.
/// </summary>
public sealed class TokenFile : ITokenStore, IDisposable
{
    internal const string Name = "tokens.json";

    private readonly PrivateFolder folder;
    private readonly IKeySource keys;
    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<string, StoreKey> known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1, 1);
    private long saves;

    /// <summary>Sign-ins below <paramref name="stateDirectory"/>, which is made when first needed. Nothing is read or written yet.</summary>
    /// <param name="stateDirectory">The folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="usesKeyStore">False: the key stands in a file, although the machine may have a key store.</param>
    public TokenFile(string stateDirectory, TimeProvider time, bool usesKeyStore = true)
    {
        folder = new PrivateFolder(stateDirectory);
        var file = new KeyInFile(folder);
        keys = usesKeyStore ? new KeyChoice(new KeyInKeyStore(folder, time), file) : file;
        this.time = time;
    }

    /// <summary>How long a lease is waited for; 45 s, longer than a refresh may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(45);

    /// <inheritdoc/>
    public string Place => folder[Name];

    /// <inheritdoc/>
    public string? Warning => keys.Warning;

    /// <inheritdoc/>
    public StoreStamp Stamp()
    {
        var file = new FileInfo(Place);
        return new StoreStamp(file.Exists ? file.LastWriteTimeUtc.Ticks : 0, file.Exists ? file.Length : -1, Interlocked.Read(ref saves));
    }

    /// <inheritdoc/>
    public async ValueTask<GrantReading> ReadAsync(string upstream, CancellationToken cancellation)
    {
        var (document, problem, _) = Load();
        return document is null ? new GrantReading(null, problem)
            : document.Find(upstream) is { } row ? await OpenAsync(row, cancellation)
            : default;
    }

    /// <inheritdoc/>
    public async ValueTask<GrantList> ListAsync(CancellationToken cancellation)
    {
        var (document, problem, _) = Load();
        var (entries, problems) = (new List<StoredEntry>(), new List<string>());
        if (problem is not null)
        {
            problems.Add(problem);
        }

        foreach (var row in document?.Rows ?? [])
        {
            var (entry, trouble) = await OpenAsync(row, cancellation);
            if (entry is not null)
            {
                entries.Add(entry);
            }
            else if (trouble is not null)
            {
                problems.Add(trouble);
            }
        }

        return new GrantList(entries, problems);
    }

    /// <inheritdoc/>
    public async ValueTask<LeaseResult> AcquireAsync(CancellationToken cancellation)
    {
        // Threads of one process wait here, processes at the file.
        if (!await turn.WaitAsync(Patience, cancellation))
        {
            return new LeaseResult(null, $"The sign-ins in “{folder.Path}” have been held by this process itself for {Patience.TotalSeconds:0} s: its disk or its key store does not answer.");
        }

        var given = false;
        try
        {
            var (held, problem) = await LockAsync(cancellation);
            given = held is not null;
            return given ? new LeaseResult(new TokenFileLease(this, held!), null) : new LeaseResult(null, problem);
        }
        finally
        {
            if (!given)
            {
                turn.Release();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();

    internal ValueTask<(StoreLock? Lock, string? Problem)> LockAsync(CancellationToken cancellation) => StoreLock.AcquireAsync(folder, Patience, time, cancellation);

    internal void Return() => turn.Release();

    // Broken: the file is there and is no token file of any version.
    internal (TokenDocument? Document, string? Problem, bool IsBroken) Load()
    {
        var (bytes, problem) = folder.Read(Name);
        if (bytes is null)
        {
            return problem is null ? (TokenDocument.Empty(), null, false) : (null, problem, false);
        }

        var (document, newer) = TokenDocument.Parse(bytes);
        return document is not null ? (document, null, false)
            : newer > 0 ? (null, $"“{Place}” was written by a newer Tuppence (format {newer}). Use that one, or move the file away and sign in again.", false)
            : (null, $"“{Place}” is damaged and cannot be read. Put back a copy of it, or sign in again: the damaged file is then kept as {Name}.broken-1 or so.", true);
    }

    internal string? Save(TokenDocument document, bool isBroken)
    {
        if (isBroken && SetAside() is { } problem)
        {
            return problem;
        }

        problem = folder.Replace(Name, document.ToBytes());
        Interlocked.Increment(ref saves);
        return problem;
    }

    internal async ValueTask<GrantReading> OpenAsync(JsonObject row, CancellationToken cancellation)
    {
        var upstream = GrantRow.Upstream(row);
        if (GrantRow.KeyName(row) is not { } name)
        {
            return Closed("it does not say which key it is encrypted with");
        }

        if (!known.TryGetValue(name, out var key))
        {
            (key, var problem) = await keys.FindAsync(name, cancellation);
            if (key is null)
            {
                return Closed(problem ?? $"the key that it is encrypted with is no longer in {keys.Place}");
            }

            known[name] = key;
        }

        return GrantRow.Read(row, key) is { } entry ? new GrantReading(entry, null) : Closed("it is damaged, or was edited");

        GrantReading Closed(string why) => new(null, $"The sign-in to “{upstream}” in “{Place}” cannot be used: {why.TrimEnd('.')}. Sign in again.");
    }

    internal StoreKey? KeyAtHand(string upstream, string account) =>
        Load().Document?.Find(upstream, account) is { } row && GrantRow.KeyName(row) is { } name ? known.GetValueOrDefault(name) : null;

    internal async ValueTask<KeyResult> SealingKeyAsync(CancellationToken cancellation)
    {
        var result = await keys.FindOrCreateAsync(cancellation);
        if (result.Key is { } key)
        {
            known[key.Name] = key;
        }

        return result;
    }

    private string? SetAside()
    {
        for (var n = 1; ; n++)
        {
            var aside = $"{Place}.broken-{n}";
            if (File.Exists(aside))
            {
                continue;
            }

            try
            {
                File.Move(Place, aside);
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return $"The damaged “{Place}” cannot be moved aside: {e.Message}";
            }
        }
    }
}
