using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Simulation;

/// <summary>What the simulated cache made of a request.</summary>
/// <param name="Bill">How its input is billed; all zero where it is rejected.</param>
/// <param name="Hit">Index of the deepest block read, or -1.</param>
/// <param name="Rejection">Why the API would answer 400, in words; null where it would not.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CacheOutcome(CacheBill Bill, int Hit, string? Rejection);
