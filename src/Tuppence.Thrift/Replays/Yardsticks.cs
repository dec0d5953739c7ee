using Tuppence.Thrift.Baselines;
using Tuppence.Thrift.Bounds;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Recording;
using Tuppence.Thrift.Traces;

namespace Tuppence.Thrift.Replays;

/// <summary>What a trace is measured against: without caching, the lower bound, and other programs' placements. Costs are in nano-dollars.</summary>
public sealed record Yardsticks
{
    /// <summary>Without caching.</summary>
    public required long Uncached { get; init; }

    /// <summary>The lower bound on the original's blocks.</summary>
    public required long LowerBound { get; init; }

    /// <summary>The same where pings are allowed.</summary>
    public required long LowerBoundWithPings { get; init; }

    /// <summary>What the breakpoints cost that a search finds which knows the whole trace; the cheapest of all lies between the bound and this.</summary>
    public required long BestPlacement { get; init; }

    /// <summary>The cheapest of SillyTavern's settings, known afterwards.</summary>
    public required (string Name, long Cost) SillyTavernBest { get; init; }

    /// <summary>Every placement that was asked for, in that order.</summary>
    public required IReadOnlyList<(string Name, long Cost)> Placements { get; init; }

    /// <summary>Measures a trace. The client's own breakpoints are taken off.</summary>
    /// <param name="trace">The requests.</param>
    /// <param name="options">Prices and cache.</param>
    /// <param name="placements">Which placements to price beside SillyTavern's settings.</param>
    public static Yardsticks Of(IReadOnlyList<TraceRequest> trace, ReplayOptions options, IReadOnlyList<Baseline> placements)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(placements);
        return Of(IPromptSequence.Of(trace, options), options, placements);
    }

    /// <summary>Measures a content-free recording.</summary>
    /// <inheritdoc cref="Of(IReadOnlyList{TraceRequest}, ReplayOptions, IReadOnlyList{Baseline})"/>
    public static Yardsticks Of(IReadOnlyList<RecordedRequest> trace, ReplayOptions options, IReadOnlyList<Baseline> placements)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(placements);
        return Of(IPromptSequence.Of(trace), options, placements);
    }

    private static Yardsticks Of(IPromptSequence trace, ReplayOptions options, IReadOnlyList<Baseline> placements)
    {
        var bound = new LowerBound(options.Cache.EntryModel);
        var withPings = new LowerBound(options.Cache.EntryModel, pings: true);
        var runs = placements.Select(Begin).ToArray();
        var settings = Baseline.SillyTavernSettings.Select(Begin).ToArray();
        var prompt = new Prompt();
        var uncached = 0L;
        for (var i = 0; i < trace.Count; i++)
        {
            if (!trace.TryRead(i, prompt))
            {
                continue;
            }

            var at = trace.At(i);
            var prices = options.Prices.Of(prompt.Model, prompt.Tokens);
            uncached += prompt.Tokens * prices.Input;
            bound.Add(prompt, at, prices);
            withPings.Add(prompt, at, prices);
            foreach (var run in (IEnumerable<BaselineRun>)[.. runs, .. settings])
            {
                run.Add(prompt, at, prices, options.MinTokensOf(prompt.Model));
            }
        }

        return new Yardsticks
        {
            Uncached = uncached,
            LowerBound = bound.Cost,
            LowerBoundWithPings = withPings.Cost,
            BestPlacement = Replays.BestPlacement.Cost(trace, options),
            SillyTavernBest = settings.Select(static run => (run.Name, run.Cost)).MinBy(static run => run.Cost),
            Placements = [.. runs.Select(static run => (run.Name, run.Cost))],
        };

        BaselineRun Begin(Baseline baseline) => new(baseline, options.Cache);
    }
}
