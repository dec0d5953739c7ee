using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Recording;

/// <summary>Runs the planner over a content-free recording against the simulated cache, with the recording's own times.</summary>
public static class RecordedReplay
{
    /// <summary>Runs. Whoever shared a cache when it was recorded shares one here.</summary>
    /// <param name="recording">The requests in the order of their starts.</param>
    /// <param name="planner">Places the breakpoints; it learns from the simulated bills.</param>
    /// <param name="engine">The cache.</param>
    /// <param name="context">Prices, minimum, and level: markers, or respect. Scope and time are each request's own.</param>
    /// <param name="sent">Is told of each request, of where its breakpoints are, and of its outcome.</param>
    /// <returns>Cost in nano-dollars of the input as planned, and without any caching.</returns>
    /// <exception cref="ArgumentException">The level needs the text of the requests.</exception>
    public static (long Cost, long Uncached) Run(
        IReadOnlyList<RecordedRequest> recording, BreakpointPlanner planner, CacheEngine engine, PlanContext context, Action<Prompt, PlannedTurn, CacheOutcome>? sent = null)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(planner);
        ArgumentNullException.ThrowIfNull(engine);
        if (context.Level is not (CacheLevel.Markers or CacheLevel.Respect))
        {
            throw new ArgumentException("A content-free recording can be replayed at the levels markers and respect; the others rewrite text, which it does not hold.", nameof(context));
        }

        var prompt = new Prompt();
        var (cost, uncached) = (0L, 0L);
        foreach (var request in recording)
        {
            RecordedPrompt.Fill(request, prompt);
            if (prompt.Blocks.IsEmpty)
            {
                continue;
            }

            var at = DateTimeOffset.UnixEpoch + request.At;
            var turn = planner.Plan(prompt, context with { At = at, Scope = request.Scope.ToString("x32", System.Globalization.CultureInfo.InvariantCulture) });
            var automatic = context.Level == CacheLevel.Respect ? prompt.Automatic : null;
            var outcome = engine.Serve(new CacheStep(turn.Context.Scope, prompt, [.. turn.Breakpoints], automatic, context.MinTokens, at));
            cost += outcome.Bill.Cost(context.Prices);
            uncached += prompt.Tokens * context.Prices.Input;
            planner.Settle(turn, outcome.Bill);
            sent?.Invoke(prompt, turn, outcome);
        }

        return (cost, uncached);
    }
}
