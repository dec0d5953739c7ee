namespace Tuppence.State.Sqlite;

/// <summary>Where and how a ledger is kept.</summary>
public sealed record SqliteLedgerOptions
{
    /// <summary>Full path of the database.</summary>
    public required string Path { get; init; }

    /// <summary>Called before the database is opened for writing: makes folder and file, and gives the problem in words for people, or null.</summary>
    public Func<string?>? Prepare { get; init; }

    /// <summary>Told once when rows cannot be stored any more, and once when they can be again.</summary>
    public Action<string>? Tell { get; init; }

    /// <summary>Days after which rows are removed; 0: never.</summary>
    public int RetentionDays { get; init; }

    /// <summary>Size in bytes from which the oldest rows make room; 0: none.</summary>
    public long MaxBytes { get; init; }

    /// <summary>Rows that may wait while the disk does not take them; more are lost and counted.</summary>
    public int MostWaiting { get; init; } = 16_384;
}
