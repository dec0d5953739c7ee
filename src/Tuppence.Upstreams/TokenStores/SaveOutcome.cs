namespace Tuppence.Upstreams.TokenStores;

/// <summary>What became of a save.</summary>
public enum SaveOutcome
{
    /// <summary>It is on the disk.</summary>
    Saved,

    /// <summary>Somebody else has saved or removed the grant meanwhile; the store is as they left it.</summary>
    Superseded,

    /// <summary>It could not be written; what was stored before is intact.</summary>
    Failed,
}
