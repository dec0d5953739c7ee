using Tuppence.Thrift;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Tests.Unit.Thrift;

/// <summary>A planner before a simulated provider: each request is planned, sent, billed and settled.</summary>
internal sealed class ThriftStage(EntryModel entries = EntryModel.Chained)
{
    // A request is settled before the next one is planned: its answer has begun, and what it wrote can be read.
    private readonly CacheEngine engine = new(new CacheEngineOptions { EntryModel = entries, ReadableAfter = TimeSpan.Zero });

    public Planner Planner { get; } = new(new PlannerOptions());

    public long Cost { get; private set; }

    public long Uncached { get; private set; }

    /// <summary>The largest prompt so far, in tokens.</summary>
    public int Largest { get; private set; }

    public (PlannedTurn Turn, CacheOutcome Outcome) Send(byte[] body, double minutes, CacheLevel level = CacheLevel.Markers)
    {
        var context = ThriftBodies.Context(minutes, level);
        using var plan = Planner.Plan(body, context);
        var bytes = new byte[plan.Length];
        plan.CopyTo(bytes);
        var prompt = ThriftBodies.Read(bytes);
        var outcome = engine.Serve(new CacheStep(context.Scope, prompt, prompt.Breakpoints, prompt.Automatic, context.MinTokens, context.At));
        Assert.Null(outcome.Rejection);
        Cost += outcome.Bill.Cost(context.Prices);
        Uncached += outcome.Bill.Tokens * context.Prices.Input;
        Largest = Math.Max(Largest, outcome.Bill.Tokens);
        Planner.Settle(plan.Turn!, outcome.Bill);
        return (plan.Turn!, outcome);
    }
}
