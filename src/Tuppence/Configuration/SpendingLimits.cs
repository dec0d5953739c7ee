namespace Tuppence.Configuration;

/// <summary>Limits of one budget, in nano-dollars (10^-9 USD) from 0 to $1,000,000; null: none.</summary>
public sealed record SpendingLimits
{
    /// <summary>From here on a day's spending is warned about.</summary>
    public long? SoftPerDay { get; init; }

    /// <summary>What may be spent in a day.</summary>
    public long? HardPerDay { get; init; }

    /// <summary>From here on a month's spending is warned about.</summary>
    public long? SoftPerMonth { get; init; }

    /// <summary>What may be spent in a month.</summary>
    public long? HardPerMonth { get; init; }
}
