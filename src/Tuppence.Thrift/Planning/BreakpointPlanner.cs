using System.Collections.Concurrent;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Planning;

/// <summary>Decides where the breakpoints of a request go: for each scope by its own memory.</summary>
/// <remarks>Safe for parallel use: requests of one scope wait for each other, which takes microseconds.</remarks>
public sealed class BreakpointPlanner
{
    private readonly ConcurrentDictionary<string, ScopePlanner> scopes = new(StringComparer.Ordinal);

    /// <summary>Decides.</summary>
    public PlannedTurn Plan(Prompt prompt, in PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Of(context.Scope).Plan(prompt, context);
    }

    /// <summary>Takes what the provider billed, once for a planned turn.</summary>
    public void Settle(PlannedTurn turn, in CacheBill reported)
    {
        ArgumentNullException.ThrowIfNull(turn);
        Of(turn.Context.Scope).Settle(turn, reported);
    }

    /// <summary>Forgets a turn that was not sent or not answered.</summary>
    public void Abandon(PlannedTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        Of(turn.Context.Scope).Abandon(turn);
    }

    private ScopePlanner Of(string scope) => scopes.GetOrAdd(scope, static _ => new ScopePlanner());
}
