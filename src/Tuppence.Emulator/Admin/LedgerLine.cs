namespace Tuppence.Emulator.Admin;

/// <summary>What one account has used of one model. Costs are in nano-dollars.</summary>
internal sealed record LedgerLine(string Account, string Model)
{
    /// <summary>Replies.</summary>
    public long Requests { get; init; }

    /// <summary>Tokens neither read from nor written to the cache.</summary>
    public long InputTokens { get; init; }

    /// <summary>Tokens written for five minutes.</summary>
    public long Written5m { get; init; }

    /// <summary>Tokens written for an hour.</summary>
    public long Written1h { get; init; }

    /// <summary>Tokens read.</summary>
    public long Read { get; init; }

    /// <summary>Tokens of the replies.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Cost of all input.</summary>
    public long InputCost { get; init; }

    /// <summary>Cost of the output.</summary>
    public long OutputCost { get; init; }
}
