using Tuppence.Messages.Models;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;
using Tuppence.Thrift.Traces;

namespace Tuppence.Thrift.Replays;

/// <summary>Runs the planner over a trace against the simulated cache, with the trace's own times.</summary>
public static class Replay
{
    /// <summary>Runs.</summary>
    /// <param name="trace">The requests in the order of their starts.</param>
    /// <param name="planner">Plans; it learns from the simulated bills as it would from real ones.</param>
    /// <param name="engine">The cache.</param>
    /// <param name="context">Scope, level, prices and minimum; its time is replaced by each request's.</param>
    /// <param name="models">The models.</param>
    /// <param name="sent">Is told of each request as it is sent, and of its outcome.</param>
    /// <returns>Cost in nano-dollars of the input as planned, and without any caching of the original.</returns>
    public static (long Cost, long Uncached) Run(
        IReadOnlyList<TraceRequest> trace, Planner planner, CacheEngine engine, PlanContext context, ModelTable models, Action<TraceRequest, ReadOnlyMemory<byte>, CacheOutcome>? sent = null)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(planner);
        ArgumentNullException.ThrowIfNull(engine);
        var reader = new PromptReader(ByteTokenCounter.Instance, models);
        var prompt = new Prompt();
        var (cost, uncached) = (0L, 0L);
        foreach (var request in trace)
        {
            if (!reader.TryRead(request.Body, prompt))
            {
                continue;
            }

            uncached += prompt.Tokens * context.Prices.Input;
            using var plan = planner.Plan(request.Body, context with { At = request.At });
            var bytes = new byte[plan.Length];
            plan.CopyTo(bytes);
            reader.TryRead(bytes, prompt);
            var outcome = engine.Serve(new CacheStep(context.Scope, prompt, prompt.Breakpoints, prompt.Automatic, context.MinTokens, request.At));
            cost += outcome.Bill.Cost(context.Prices);
            if (plan.Turn is { } turn)
            {
                planner.Settle(turn, outcome.Bill);
            }

            sent?.Invoke(request, bytes, outcome);
        }

        return (cost, uncached);
    }
}
