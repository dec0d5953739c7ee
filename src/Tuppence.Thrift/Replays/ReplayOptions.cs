using Tuppence.Messages.Models;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Replays;

/// <summary>How a trace is replayed. The defaults are the fixed choices of the benchmark.</summary>
public sealed record ReplayOptions
{
    /// <summary>What may be done to requests. Default: breakpoints only.</summary>
    public CacheLevel Level { get; init; } = CacheLevel.Markers;

    /// <summary>What input costs. Default: a read costs 0.05 of plain input.</summary>
    public ReplayPrices Prices { get; init; } = ReplayPrices.OfRead(0.05m);

    /// <summary>Smallest prefix that is cached, in tokens. Default: 1,024. Null: the model's own, where the prices are a model's.</summary>
    public int? MinTokens { get; init; } = 1024;

    /// <summary>How the simulated cache behaves.</summary>
    public CacheEngineOptions Cache { get; init; } = new();

    /// <summary>By which share at most the planner's count of a block's tokens is wrong, up or down. Default: 0. Range: 0 to below 1.</summary>
    public double TokenError { get; init; }

    /// <summary>The models.</summary>
    public ModelTable Models { get; init; } = ModelTable.Default;

    /// <summary>Smallest prefix of a request.</summary>
    internal int MinTokensOf(string model) => MinTokens ?? Prices.MinTokensOf(model) ?? 1024;
}
