namespace Tuppence.Emulator.Admin;

/// <summary>What one account has used of one model on one day, in one way. Costs are in nano-dollars.</summary>
internal sealed record LedgerLine(string Account, string Model)
{
    /// <summary>The day, UTC.</summary>
    public DateOnly Day { get; init; }

    /// <summary><c>standard</c> or <c>batch</c>.</summary>
    public string Tier { get; init; } = "standard";

    /// <summary>Where inference was to run, or null.</summary>
    public string? Geo { get; init; }

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

    /// <summary>Web searches.</summary>
    public long WebSearches { get; init; }

    /// <summary>Cost of all input.</summary>
    public long InputCost { get; init; }

    /// <summary>Cost of the output.</summary>
    public long OutputCost { get; init; }

    /// <summary>Cost of web searches.</summary>
    public long SearchCost { get; init; }

    /// <summary>Both together, under the account and model of this one.</summary>
    public LedgerLine Plus(LedgerLine other) => this with
    {
        Requests = Requests + other.Requests,
        InputTokens = InputTokens + other.InputTokens,
        Written5m = Written5m + other.Written5m,
        Written1h = Written1h + other.Written1h,
        Read = Read + other.Read,
        OutputTokens = OutputTokens + other.OutputTokens,
        WebSearches = WebSearches + other.WebSearches,
        InputCost = InputCost + other.InputCost,
        OutputCost = OutputCost + other.OutputCost,
        SearchCost = SearchCost + other.SearchCost,
    };
}
