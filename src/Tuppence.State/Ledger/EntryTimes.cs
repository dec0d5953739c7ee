namespace Tuppence.State.Ledger;

/// <summary>Where the time of a request went, in microseconds.</summary>
public sealed record EntryTimes
{
    /// <summary>Waiting for a free place, for a budget or behind a request of the same beginning.</summary>
    public long Queue { get; init; }

    /// <summary>From the request's arrival to the first byte of the answer's body; null where there was none.</summary>
    public long? FirstByte { get; init; }

    /// <summary>From the request's arrival to the end of the answer.</summary>
    public required long Total { get; init; }

    /// <summary>Tuppence's own share of <see cref="FirstByte"/>: reading, editing, planning, choosing, without waiting for either side.</summary>
    public long Own { get; init; }
}
