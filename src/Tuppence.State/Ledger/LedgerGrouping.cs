namespace Tuppence.State.Ledger;

/// <summary>What rows are summed by.</summary>
public enum LedgerGrouping
{
    /// <summary>All in one.</summary>
    Total,

    /// <summary>By hour, UTC.</summary>
    Hour,

    /// <summary>By day, UTC.</summary>
    Day,

    /// <summary>By model.</summary>
    Model,

    /// <summary>By conversation.</summary>
    Conversation,

    /// <summary>By gateway key.</summary>
    Key,

    /// <summary>By preset.</summary>
    Preset,

    /// <summary>By upstream.</summary>
    Upstream,
}
