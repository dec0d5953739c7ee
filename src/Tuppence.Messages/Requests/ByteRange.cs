using System.Runtime.InteropServices;

namespace Tuppence.Messages.Requests;

/// <summary>A run of bytes in a body, by offsets in bytes: <paramref name="Start"/> included, <paramref name="End"/> not.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ByteRange(int Start, int End)
{
    /// <summary>Number of bytes.</summary>
    public int Length => End - Start;

    /// <summary>True where nothing is covered; an absent part is the empty range at 0.</summary>
    public bool IsEmpty => End <= Start;

    /// <summary>The bytes that the range covers.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> bytes) => bytes[Start..End];
}
