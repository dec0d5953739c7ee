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
        var reader = new PromptReader(ByteTokenCounter.Instance, options.Models, options.Cache.EffortInvalidates);
        var prompt = new Prompt();
        var requests = new List<TreeRequest>(trace.Count);
        var bodies = new List<ReadOnlyMemory<byte>>(trace.Count);
        foreach (var request in trace)
        {
            if (reader.TryRead(request.Body, prompt) && !prompt.Blocks.IsEmpty)
            {
                requests.Add(new TreeRequest(prompt, request.At, options.Prices.Of(prompt.Model, prompt.Tokens), options.MinTokensOf(prompt.Model)));
                bodies.Add(request.Body);
            }
        }

        var found = UpperBound.Search(requests, options.Cache, stop);
        var engine = new CacheEngine(options.Cache);
        var cost = 0L;
        for (var i = 0; i < requests.Count; i++)
        {
            reader.TryRead(bodies[i], prompt);
            var outcome = engine.Serve(new CacheStep(Scope, prompt, found[i], null, requests[i].MinTokens, requests[i].At));
            cost += outcome.Rejection is null ? outcome.Bill.Cost(requests[i].Prices) : throw new InvalidOperationException($"The search placed what the API rejects: {outcome.Rejection}");
        }

        return cost;
    }
}
