using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Planning.Mirrors;

/// <summary>What the provider should hold of a prompt at a moment.</summary>
/// <param name="Hit">Index of the deepest block with an entry that can be read, or -1.</param>
/// <param name="Pending">Index of the deepest block whose entry is being written by a request under way, or -1.</param>
/// <param name="HitIs1h">Whether all up to the hit lives for an hour; true where there is no hit.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MirrorView(int Hit, int Pending, bool HitIs1h);
