using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Prompts;

/// <summary>A <c>cache_control</c> on a block.</summary>
/// <param name="Block">Index of the block among <see cref="Prompt.Blocks"/>.</param>
/// <param name="Ttl">For how long what it writes is kept.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Breakpoint(int Block, Ttl Ttl);
