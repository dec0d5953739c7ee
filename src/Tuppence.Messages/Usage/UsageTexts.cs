using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Tuppence.Messages.Usage;

/// <summary>The short texts that an answer tells of itself, each put together from the pieces that it comes in. A mutable struct: keep it in one place.</summary>
/// <remarks>None of them is longer than 64 bytes or written with escapes; one that is counts as not told.</remarks>
[StructLayout(LayoutKind.Auto)]
internal struct UsageTexts
{
    private const int Longest = 64;
    private const int Count = UsageMember.ErrorType - UsageMember.Model + 1;

    private Bytes bytes;
    private Lengths lengths;

    /// <summary>Begins a text; what was told before of that member is gone.</summary>
    public void Begin(UsageMember member) => lengths[Index(member)] = 1;

    /// <summary>Takes the next piece.</summary>
    public void Add(UsageMember member, ReadOnlySpan<byte> part)
    {
        ref var length = ref lengths[Index(member)];
        var kept = length - 1;
        if (kept + part.Length <= Longest)
        {
            part.CopyTo(((Span<byte>)bytes)[((Index(member) * Longest) + kept)..]);
        }

        length = (byte)Math.Min(Longest + 2, length + part.Length);
    }

    /// <summary>Makes it a text that was not told.</summary>
    public void Spoil(UsageMember member) => lengths[Index(member)] = Longest + 2;

    /// <summary>Whether it was told at all, even in a form that is not kept.</summary>
    public readonly bool Has(UsageMember member) => lengths[Index(member)] > 0;

    /// <summary>The text, or null.</summary>
    public readonly string? Of(UsageMember member)
    {
        var length = lengths[Index(member)] - 1;
        return length is < 1 or > Longest ? null : Encoding.UTF8.GetString(((ReadOnlySpan<byte>)bytes).Slice(Index(member) * Longest, length));
    }

    private static int Index(UsageMember member) => member - UsageMember.Model;

    [InlineArray(Count * Longest)]
    private struct Bytes
    {
        private byte first;
    }

    // One more than there are bytes: 0 is a text that did not come.
    [InlineArray(Count)]
    private struct Lengths
    {
        private byte first;
    }
}
