using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Planning.Choosing;

/// <summary>A block where a breakpoint may go.</summary>
/// <param name="Block">Its index.</param>
/// <param name="Position">Its position for the look-back.</param>
/// <param name="Tokens">Tokens up to it that are not cached yet, whether or not another request is writing them.</param>
/// <param name="Fresh">Of those, the ones that no request is writing yet: only they gain anything.</param>
/// <param name="Value">What each of them is worth once cached.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Candidate(int Block, int Position, double Tokens, double Fresh, RenewalValue Value);
