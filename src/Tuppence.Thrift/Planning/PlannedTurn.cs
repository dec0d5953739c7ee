using Tuppence.Thrift.Planning.Lineages;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Planning;

/// <summary>What the planner remembers of a request until its usage is known. Holds hashes and numbers, none of the request's text.</summary>
public sealed class PlannedTurn
{
    private readonly Breakpoint[] placed = [];

    /// <summary>The conversation that the request goes on with: the same for all of its turns.</summary>
    public required long Lineage { get; init; }

    /// <summary>When the request started.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Prices and limits that it was planned with.</summary>
    public required PlanContext Context { get; init; }

    /// <summary>The breakpoints of the request as it is sent.</summary>
    public required IReadOnlyList<Breakpoint> Breakpoints
    {
        get => placed;
        init => placed = value as Breakpoint[] ?? [.. value];
    }

    /// <summary>How its input should be billed.</summary>
    public required CacheBill Forecast { get; init; }

    /// <summary>
    /// Where it parts from the earlier request that it shares most with: index of the first block that differs, which is <see cref="BlockCount"/>
    /// where it has no block beyond those that both have; null where there is no such request.
    /// </summary>
    public int? Divergence { get; init; }

    /// <summary>The turn that it shares most with, or null; forgotten after some turns.</summary>
    public PlannedTurn? Parent { get; internal set; }

    /// <summary>Blocks of the request as it is sent.</summary>
    public required int BlockCount { get; init; }

    /// <summary>The same as <see cref="Breakpoints"/>.</summary>
    internal ReadOnlySpan<Breakpoint> Placed => placed;

    /// <summary>The request in its lineage.</summary>
    internal Visit? Visit { get; init; }

    /// <summary>Node of the last block, and its prefix: it tells whether the node is still this one.</summary>
    internal (int Node, UInt128 Prefix) Leaf { get; init; }

    /// <summary>Tokens by the estimate, before it is scaled.</summary>
    internal int Estimated { get; init; }

    /// <summary>Smallest prefix that is cached, in estimated tokens.</summary>
    internal int MinEstimated { get; init; }

    /// <summary>Hash of the model.</summary>
    internal UInt128 Model { get; init; }

    /// <summary>Index of the deepest block that should be read, or -1.</summary>
    internal int Hit { get; init; }

    /// <summary>Numbers of the writings that were noted for it: above the first, up to the second.</summary>
    internal (long From, long To) Writings { get; init; }

    /// <summary>Nano-dollars held back until the bill is known.</summary>
    internal long Reserved { get; init; }

    /// <summary>Whether it was settled or abandoned; each happens once.</summary>
    internal bool IsClosed { get; set; }
}
