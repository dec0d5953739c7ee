using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Rewriting.Heads;

/// <summary>Text that is carried behind the history.</summary>
/// <param name="Text">As written in JSON, without quotes.</param>
/// <param name="Gap">The white space that stood behind it.</param>
/// <param name="Block">Index of the block that it stood in.</param>
/// <param name="Tokens">Its tokens.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TailPiece(ReadOnlyMemory<byte> Text, ReadOnlyMemory<byte> Gap, int Block, int Tokens);
