using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>One later request that had more of a request's prefix than all between them.</summary>
/// <param name="Depth">Blocks that both have, from the first.</param>
/// <param name="Last">Hash of the last of them: it finds the boundary again where blocks before it come and go.</param>
/// <param name="FromEnd">Whether the boundary moves with the end of the prompt, rather than standing at its place from the start.</param>
/// <param name="Gap">Ticks from start to start.</param>
/// <param name="Growth">Blocks that the later request has more; negative where it has fewer.</param>
/// <param name="Rank">1 where it was the next request of the lineage, 2 where it was the one after, and so on.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct VisitStep(int Depth, UInt128 Last, bool FromEnd, long Gap, int Growth, int Rank);
