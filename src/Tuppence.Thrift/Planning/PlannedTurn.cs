using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Planning;

/// <summary>What the planner remembers of a request until its usage is known. Holds hashes and numbers, none of the request's text.</summary>
public sealed class PlannedTurn
{
    /// <summary>The conversation that the request goes on with: the same for all of its turns.</summary>
    public required long Lineage { get; init; }

    /// <summary>When the request started.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Prices and limits that it was planned with.</summary>
    public required PlanContext Context { get; init; }

    /// <summary>The breakpoints of the request as it is sent.</summary>
    public required IReadOnlyList<Breakpoint> Breakpoints { get; init; }

    /// <summary>How its input should be billed.</summary>
    public required CacheBill Forecast { get; init; }

    /// <summary>Where it parts from the earlier request that it shares most with: index of the first block that differs; null where there is none.</summary>
    public int? Divergence { get; init; }

    /// <summary>The turn that it shares most with, or null.</summary>
    public PlannedTurn? Parent { get; init; }

    /// <summary>Blocks of the request as it is sent.</summary>
    public required int BlockCount { get; init; }
}
