namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>A conversation: its latest requests and its money.</summary>
internal sealed class Lineage(long id, in GapShares habit)
{
    /// <summary>Requests remembered.</summary>
    public const int Remembered = 48;

    /// <summary>Requests whose turns are remembered with all that the outside knows of them.</summary>
    private const int Turned = 8;

    private readonly List<Visit> visits = [];

    /// <summary>Its name towards the outside.</summary>
    public long Id { get; } = id;

    /// <summary>What pauses were expected when it began: those of the conversations before it.</summary>
    public GapShares Habit { get; } = habit;

    /// <summary>The latest requests, oldest first.</summary>
    public IReadOnlyList<Visit> Visits => visits;

    /// <summary>Requests so far.</summary>
    public long Turns { get; set; }

    /// <summary>When it was last gone on with, in ticks.</summary>
    public long LastAt { get; set; }

    /// <summary>What it saved so far.</summary>
    public Balance Balance { get; } = new();

    /// <summary>Remembers a request.</summary>
    public void Add(Visit visit)
    {
        if (visits.Count >= Turned && visits[^Turned].Turn is { } oldest)
        {
            oldest.Parent = null;
            visits[^Turned].Turn = null;
        }

        if (visits.Count == Remembered)
        {
            visits.RemoveAt(0);
        }

        visits.Add(visit);
        Turns = visit.Number + 1;
        LastAt = visit.At;
    }

    /// <summary>Forgets a request that was never sent.</summary>
    public void Remove(Visit visit) => visits.Remove(visit);
}
