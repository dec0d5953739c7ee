namespace Tuppence.Configuration;

/// <summary>Whether what was learned of conversations outlives a restart.</summary>
public enum CacheStore
{
    /// <summary>Where the state folder is there already.</summary>
    Auto,

    /// <summary>Always; the state folder is made.</summary>
    On,

    /// <summary>Never.</summary>
    Off,
}
