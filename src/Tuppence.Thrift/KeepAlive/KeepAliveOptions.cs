namespace Tuppence.Thrift.KeepAlive;

/// <summary>What keeping caches alive may cost. Money in nano-dollars.</summary>
public sealed record KeepAliveOptions
{
    /// <summary>Most that the pings of one conversation may cost, over its whole life. Default: 100,000,000 ($0.10).</summary>
    public long BudgetPerConversation { get; init; } = 100_000_000;

    /// <summary>Most that all pings may cost in the period that the caller counts by. Default: 1,000,000,000 ($1).</summary>
    public long Budget { get; init; } = 1_000_000_000;

    /// <summary>Smallest prefix that is kept alive, in tokens. Default: 20,000.</summary>
    public int LeastTokens { get; init; } = 20_000;
}
