namespace Tuppence.State.Ledger;

/// <summary>What a request cost, in integer nano-dollars (10^-9 USD), by what it was for. The parts add up to <see cref="Total"/>.</summary>
public sealed record EntryCost
{
    /// <summary>Input neither read nor written.</summary>
    public required long Input { get; init; }

    /// <summary>Cache reads.</summary>
    public required long CacheRead { get; init; }

    /// <summary>Cache writes of both lives.</summary>
    public required long CacheWrite { get; init; }

    /// <summary>Output.</summary>
    public required long Output { get; init; }

    /// <summary>Tools that the provider ran.</summary>
    public required long ServerTools { get; init; }

    /// <summary>All of it.</summary>
    public long Total => Input + CacheRead + CacheWrite + Output + ServerTools;

    /// <summary>What the same tokens would have cost without any caching.</summary>
    public required long WithoutCaching { get; init; }
}
