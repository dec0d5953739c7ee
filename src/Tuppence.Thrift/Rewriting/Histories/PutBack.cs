using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>A message, or a block of one, that goes back to its place.</summary>
/// <param name="Before">Index among the blocks of the request's history before which it goes.</param>
/// <param name="Said">What was said there.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PutBack(int Before, SaidBlock Said);
