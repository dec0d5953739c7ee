namespace Tuppence.Thrift.Simulation;

/// <summary>How the simulated cache behaves where the provider's documents are silent. The defaults are the careful readings.</summary>
public sealed record CacheEngineOptions
{
    /// <summary>Whether an entry needs those below it. Default: chained.</summary>
    public EntryModel EntryModel { get; init; } = EntryModel.Chained;

    /// <summary>Time from a request's start until what it writes can be read. Default: 1.5 s.</summary>
    public TimeSpan ReadableAfter { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>Positions that a breakpoint is looked for at, its own included. Default: 20.</summary>
    public int Lookback { get; init; } = 20;
}
