using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Planning;

/// <summary>Decides where the breakpoints of a request go.</summary>
public sealed class BreakpointPlanner
{
    private long turns;

    /// <summary>Decides.</summary>
    public PlannedTurn Plan(Prompt prompt, in PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return new PlannedTurn
        {
            Lineage = Interlocked.Increment(ref turns),
            At = context.At,
            Context = context,
            Breakpoints = prompt.Breakpoints.ToArray(),
            Forecast = new CacheBill(0, 0, 0, prompt.Tokens),
            BlockCount = prompt.Blocks.Length,
        };
    }

    /// <summary>Takes what the provider billed, once for a planned turn.</summary>
    public void Settle(PlannedTurn turn, in CacheBill reported)
    {
        ArgumentNullException.ThrowIfNull(turn);
        Interlocked.Decrement(ref turns);
    }

    /// <summary>Forgets a turn that was not sent or not answered.</summary>
    public void Abandon(PlannedTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        Interlocked.Decrement(ref turns);
    }
}
