namespace Tuppence.Thrift.Simulation;

/// <summary>Which entries a read keeps alive, where each lives by itself (<see cref="EntryModel.Independent"/>). Not documented; reference question Q2.</summary>
public enum RefreshRule
{
    /// <summary>The one that is read.</summary>
    Hit,

    /// <summary>The one that is read, and those below it that the request marks: the default.</summary>
    HitAndMarked,

    /// <summary>The one that is read, and all below it.</summary>
    AllBelow,
}
