using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>A request as the planner remembers it: its shape, and which later requests had how much of its prefix.</summary>
internal sealed class Visit
{
    /// <summary>Most steps kept; a request is rarely gone on with from more places.</summary>
    public const int MostSteps = 6;

    private Steps steps;

    /// <summary>Start, in ticks.</summary>
    public required long At { get; init; }

    /// <summary>Its lineage.</summary>
    public required Lineage Lineage { get; init; }

    /// <summary>Blocks.</summary>
    public required int Blocks { get; init; }

    /// <summary>Index of the first block of the messages.</summary>
    public required int FirstMessage { get; init; }

    /// <summary>What kind of request it is: see <see cref="RequestShape"/>.</summary>
    public required ulong Shape { get; init; }

    /// <summary>Requests of the lineage since its prompt last changed near the start; it tells steady runs from changing ones.</summary>
    public required int Run { get; init; }

    /// <summary>How many earlier requests had the same tools and system prompt.</summary>
    public required int Seen { get; init; }

    /// <summary>Number within the lineage, from 0.</summary>
    public required long Number { get; init; }

    /// <summary>What the outside knows of it.</summary>
    public PlannedTurn? Turn { get; set; }

    /// <summary>Whether it was never sent.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>How many <see cref="Step"/>s there are.</summary>
    public int StepCount { get; private set; }

    /// <summary>A later request, in the order of time and so of depth.</summary>
    public ref readonly VisitStep Step(int index) => ref MemoryMarshal.CreateReadOnlySpan(ref steps[0], MostSteps)[index];

    /// <summary>Notes a later request. Of too many the last stands for those after it.</summary>
    public void Add(in VisitStep step)
    {
        steps[StepCount == MostSteps ? MostSteps - 1 : StepCount++] = step;
    }

    /// <summary>What <see cref="BackTo"/> goes back to.</summary>
    public Mark Now => new(StepCount, steps[MostSteps - 1]);

    /// <summary>Forgets the requests that were noted since.</summary>
    public void BackTo(in Mark mark) => (StepCount, steps[MostSteps - 1]) = (mark.Steps, mark.Last);

    /// <summary>A moment of a visit: how many steps there were, and what stood in the last place, which alone is ever overwritten.</summary>
    [StructLayout(LayoutKind.Auto)]
    internal readonly record struct Mark(int Steps, VisitStep Last);

    [System.Runtime.CompilerServices.InlineArray(MostSteps)]
    private struct Steps
    {
        private VisitStep first;
    }
}
