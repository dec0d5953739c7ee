using System.Runtime.InteropServices;

namespace Tuppence.Messages.Requests;

/// <summary>One change: the bytes of <paramref name="Range"/> give way to <paramref name="Insert"/>. An empty range inserts before its start.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Splice(ByteRange Range, ReadOnlyMemory<byte> Insert);
