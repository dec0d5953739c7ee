using Tuppence.Thrift.Bounds;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;
using Tuppence.Thrift.Traces;

namespace Tuppence.Thrift.Replays;

/// <summary>The cheapest breakpoints that a search finds which knows the whole trace: what a perfect forecast could reach.</summary>
public static class BestPlacement
{
    private const string Scope = "search";

    /// <summary>Searches, and prices what was found in the simulated cache.</summary>
    /// <param name="trace">The requests. The client's own breakpoints are taken off.</param>
    /// <param name="options">Prices and cache.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>Nano-dollars; never less than <see cref="LowerBound"/>.</returns>
    public static long Cost(IReadOnlyList<TraceRequest> trace, ReplayOptions options, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(options);
        return Cost(IPromptSequence.Of(trace, options), options, stop);
    }

    /// <summary>The same for any prompts.</summary>
    internal static long Cost(IPromptSequence trace, ReplayOptions options, CancellationToken stop = default)
    {
        var prompt = new Prompt();
        var requests = new List<TreeRequest>(trace.Count);
        var indices = new List<int>(trace.Count);
        for (var i = 0; i < trace.Count; i++)
        {
            if (trace.TryRead(i, prompt) && !prompt.Blocks.IsEmpty)
            {
                requests.Add(new TreeRequest(prompt, trace.At(i), options.Prices.Of(prompt.Model, prompt.Tokens), options.MinTokensOf(prompt.Model)));
                indices.Add(i);
            }
        }

        var found = UpperBound.Search(requests, options.Cache, stop);
        var engine = new CacheEngine(options.Cache);
        var cost = 0L;
        for (var i = 0; i < requests.Count; i++)
        {
            trace.TryRead(indices[i], prompt);
            var outcome = engine.Serve(new CacheStep(Scope, prompt, found[i], null, requests[i].MinTokens, requests[i].At));
            cost += outcome.Rejection is null ? outcome.Bill.Cost(requests[i].Prices) : throw new InvalidOperationException($"The search placed what the API rejects: {outcome.Rejection}");
        }

        return cost;
    }
}
