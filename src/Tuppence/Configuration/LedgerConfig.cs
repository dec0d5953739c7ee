namespace Tuppence.Configuration;

/// <summary>The record of requests.</summary>
public sealed record LedgerConfig
{
    /// <summary>Whether requests are recorded on disk; else figures begin at the start of the process.</summary>
    public bool IsOn { get; init; } = true;

    /// <summary>Folder of the database, or null: that of all state. Mode 0700.</summary>
    public string? Directory { get; init; }

    /// <summary>Days after which rows are removed, 1 to 36,500; 0: never.</summary>
    public int RetentionDays { get; init; }

    /// <summary>Size in bytes from which the oldest rows make room, from 16 MB to 1 TB.</summary>
    public long MaxBytes { get; init; } = 1L << 30;

    /// <summary>Whether content may be kept: the first words of a conversation as its title, and in memory the bodies of the latest requests and answers.</summary>
    public bool Content { get; init; }
}
