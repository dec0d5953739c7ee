using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Accounts;

/// <summary>What one cause did to a conversation.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Turns">Turns that it broke.</param>
/// <param name="Tokens">Tokens paid for again because of it.</param>
/// <param name="Cost">What they cost more than reading them, in nano-dollars.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CauseTotal(BreakCause Cause, int Turns, long Tokens, long Cost);
