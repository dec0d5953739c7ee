namespace Tuppence.Upstreams.TokenStores;

/// <summary>What became of a save, and why where it failed.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Problem">For people; null where it was saved.</param>
public readonly record struct SaveResult(SaveOutcome Outcome, string? Problem)
{
    /// <summary>On the disk.</summary>
    public static SaveResult Saved { get; } = new(SaveOutcome.Saved, null);

    /// <summary>Refused: somebody else was there first.</summary>
    public static SaveResult Superseded { get; } = new(SaveOutcome.Superseded, "Another process has changed the stored sign-in meanwhile; what it stored is kept.");

    /// <summary>Failed.</summary>
    public static SaveResult Failed(string problem) => new(SaveOutcome.Failed, problem);

    /// <summary>True where it is on the disk.</summary>
    public bool IsSaved => Outcome == SaveOutcome.Saved;
}
