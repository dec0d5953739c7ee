using System.Collections.Concurrent;
using Tuppence.Messages.Edits;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Rewriting;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Planning;

/// <summary>Plans the prompt cache of requests: rewrites them where that is allowed, places their breakpoints, and learns from what was billed.</summary>
/// <remarks>Safe for parallel use. The gateway and the replay of traces call this very class.</remarks>
public sealed class Planner(PlannerOptions options, IRewriting? rewriting = null)
{
    private readonly PromptReader reader = new(options.Tokens, options.Models);
    private readonly ConcurrentBag<CachePlan> idle = [];

    /// <summary>Where breakpoints go.</summary>
    public BreakpointPlanner Breakpoints { get; } = new();

    /// <summary>Plans a request. Never fails: what cannot be read passes unchanged. A rehearsal (see <see cref="PlanContext"/>) leaves no trace in planner or rewriting.</summary>
    /// <param name="body">UTF-8. Must not change before the plan is disposed of.</param>
    /// <param name="context">Level, prices, time.</param>
    public CachePlan Plan(ReadOnlyMemory<byte> body, in PlanContext context)
    {
        var plan = Read(body);
        Plan(plan, context);
        return plan;
    }

    /// <summary>Begins a plan: reads the request, so that level and prices can be chosen by what it says.</summary>
    /// <param name="body">UTF-8. Must not change before the plan is disposed of.</param>
    public CachePlan Read(ReadOnlyMemory<byte> body)
    {
        var plan = idle.TryTake(out var kept) ? kept : new CachePlan(Release);
        plan.Source = body;
        plan.IsReadable = PromptReader.TryIndex(body, plan.Prompt);
        plan.Model = plan.IsReadable ? plan.Prompt.Model : "";
        return plan;
    }

    /// <summary>Completes a plan that <see cref="Read"/> began; once. What cannot be read passes unchanged.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="context">Level, prices, time.</param>
    public void Plan(CachePlan plan, in PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (context.Level == CacheLevel.Off || !plan.IsReadable)
        {
            return;
        }

        var rewritten = context.Level is CacheLevel.Respect or CacheLevel.Markers ? null : rewriting?.Rewrite(plan.Source, context);
        if (rewritten is not null)
        {
            plan.Source = rewritten.Body;
            if (!PromptReader.TryIndex(plan.Source, plan.Prompt))
            {
                return;
            }
        }

        reader.Fill(plan.Prompt);
        plan.Turn = Breakpoints.Plan(plan.Prompt, context);
        if (context.Level != CacheLevel.Respect)
        {
            BreakpointWriter.Write(plan.Prompt, plan.Turn.Placed, plan.Splices);
        }

        plan.Changed = rewritten is not null || !plan.Splices.IsEmpty;
        plan.Edits = plan.Splices.IsEmpty ? rewritten?.Edits ?? [] : [.. rewritten?.Edits ?? [], new AppliedEdit("cache-markers", Describe(plan.Turn))];
    }

    /// <summary>Takes what the provider billed, once for a planned turn.</summary>
    public void Settle(PlannedTurn turn, in CacheBill reported) => Breakpoints.Settle(turn, reported);

    /// <inheritdoc cref="BreakpointPlanner.Refresh"/>
    public void Refresh(PlannedTurn turn, in CacheBill reported, DateTimeOffset at) => Breakpoints.Refresh(turn, reported, at);

    /// <summary>Forgets a turn that was not sent or not answered.</summary>
    public void Abandon(PlannedTurn turn) => Breakpoints.Abandon(turn);

    private static string Describe(PlannedTurn turn) => turn.Breakpoints.Count == 0 ? "removed all" : string.Join(' ', turn.Breakpoints.Select(static breakpoint => breakpoint.Ttl == Ttl.OneHour ? $"{breakpoint.Block}:1h" : $"{breakpoint.Block}:5m"));

    private void Release(CachePlan plan)
    {
        plan.Turn = null;
        plan.Model = "";
        plan.IsReadable = false;
        plan.Edits = [];
        plan.Changed = false;
        plan.Source = default;
        plan.Splices.Clear();
        idle.Add(plan);
    }
}
