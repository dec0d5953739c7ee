using Tuppence.State.Ledger;

namespace Tuppence.State.Exports;

/// <summary>A column of an export: its name and where its value comes from. Exactly one of the three is set.</summary>
internal sealed record ExportColumn(string Name)
{
    /// <summary>A text, or null where a row has none.</summary>
    public Func<LedgerEntry, string?>? Text { get; init; }

    /// <summary>A whole number, or null where a row has none.</summary>
    public Func<LedgerEntry, long?>? Number { get; init; }

    /// <summary>A moment.</summary>
    public Func<LedgerEntry, DateTimeOffset>? Moment { get; init; }
}
