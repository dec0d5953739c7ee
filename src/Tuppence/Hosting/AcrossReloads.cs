namespace Tuppence.Hosting;

/// <summary>Living things that each configuration names anew and that go on living as long as they are named. One configuration at a time.</summary>
internal sealed class AcrossReloads<TKey, T>
    where TKey : notnull
{
    private Dictionary<TKey, T> living = [];
    private Dictionary<TKey, T> named = [];

    /// <summary>What the last whole configuration named.</summary>
    public IEnumerable<T> Living => living.Values;

    /// <summary>Begins a configuration.</summary>
    public void Begin() => named = [];

    /// <summary>The thing of that key, made where there is none yet.</summary>
    public T Name(TKey key, Func<TKey, T> make)
    {
        if (!named.TryGetValue(key, out var found) && !living.TryGetValue(key, out found))
        {
            found = make(key);
        }

        named[key] = found;
        return found;
    }

    /// <summary>Ends a configuration. Gives what it no longer names, for the caller to close.</summary>
    public IReadOnlyList<T> End()
    {
        var left = living.Where(pair => !named.ContainsKey(pair.Key)).Select(static pair => pair.Value).ToList();
        living = named;
        return left;
    }
}
