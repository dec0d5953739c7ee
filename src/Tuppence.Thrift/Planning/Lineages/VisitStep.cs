using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>One later request that had more of a request's prefix than all between them.</summary>
/// <param name="Depth">Blocks that both have, from the first.</param>
/// <param name="Last">Hash of the last of them: it finds the boundary again where blocks before it come and go.</param>
/// <param name="FromEnd">Whether the boundary moves with the end of the prompt, rather than standing at its place from the start.</param>
/// <param name="Gap">Ticks from start to start.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct VisitStep(int Depth, UInt128 Last, bool FromEnd, long Gap);
