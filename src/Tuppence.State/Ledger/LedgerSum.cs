namespace Tuppence.State.Ledger;

/// <summary>Rows added up. All money in nano-dollars.</summary>
public sealed record LedgerSum
{
    /// <summary>What they have in common: a name, or the beginning of an hour or day as ISO 8601; null for rows that have none.</summary>
    public string? Group { get; init; }

    /// <summary>How many rows.</summary>
    public long Requests { get; init; }

    /// <summary>How many of them ended badly.</summary>
    public long Failed { get; init; }

    /// <summary>How many have usage without a known price: their cost is missing in the sums.</summary>
    public long Unpriced { get; init; }

    /// <summary>Input neither read nor written.</summary>
    public long Input { get; init; }

    /// <summary>Cache reads.</summary>
    public long CacheRead { get; init; }

    /// <summary>Cache writes of five minutes.</summary>
    public long CacheWrite5m { get; init; }

    /// <summary>Cache writes of an hour.</summary>
    public long CacheWrite1h { get; init; }

    /// <summary>Output.</summary>
    public long Output { get; init; }

    /// <summary>What it cost.</summary>
    public long Cost { get; init; }

    /// <summary>What the same tokens would have cost without caching.</summary>
    public long WithoutCaching { get; init; }

    /// <summary>The planned rows' lower bounds added up, the cost of output, and of rows without a plan, in it: what could not be undercut.</summary>
    public long Bound { get; init; }
}
