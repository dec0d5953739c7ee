namespace Tuppence.Thrift.Simulation;

/// <summary>Whether a cache entry needs those below it. The provider does not say; reference question Q1.</summary>
public enum EntryModel
{
    /// <summary>An entry dies for good as soon as any part below it expires: the careful reading, and the default.</summary>
    Chained,

    /// <summary>Each entry lives by itself.</summary>
    Independent,
}
