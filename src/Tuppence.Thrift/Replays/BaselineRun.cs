using Tuppence.Messages.Models;
using Tuppence.Thrift.Baselines;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Replays;

/// <summary>Prices a baseline over a trace, in a cache of its own.</summary>
internal sealed class BaselineRun(Baseline baseline, CacheEngineOptions options)
{
    private readonly CacheEngine engine = new(options);
    private readonly IBaseline rule = baseline.Begin();
    private readonly Placement placement = new();

    /// <summary>The baseline's name.</summary>
    public string Name => baseline.Name;

    /// <summary>Its cost so far, in nano-dollars.</summary>
    public long Cost { get; private set; }

    /// <summary>Takes the next request. One that the API would reject costs as if it were not cached.</summary>
    public void Add(Prompt prompt, DateTimeOffset at, in ModelPrices prices, int minTokens)
    {
        placement.Clear();
        rule.Place(prompt, at, placement);
        var outcome = engine.Serve(new CacheStep("", prompt, placement.Breakpoints, placement.Automatic, minTokens, at));
        Cost += outcome.Rejection is null ? outcome.Bill.Cost(prices) : prompt.Tokens * prices.Input;
    }
}
