using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tuppence.Messages.Requests;

/// <summary>Finds the end of a JSON string, 64 bytes a step.</summary>
/// <remarks>
/// Most of a chat is inside strings, so this is where the time goes. A block without quote, backslash or control character
/// costs one comparison; in others escapes are resolved for all 64 bytes at once with the carry of a subtraction
/// (Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019, section 3.1.1, in its later form without tables).
/// </remarks>
internal static class JsonString
{
    private const ulong OddBits = 0xAAAA_AAAA_AAAA_AAAA;

    /// <summary>
    /// Offset just behind the closing quote of the string whose first content byte is at <paramref name="at"/>; or, negated
    /// bitwise, the offset of the first byte that is wrong: the length where the quote is missing, else a control character
    /// or the character behind a backslash that makes no escape.
    /// </summary>
    public static int End(ReadOnlySpan<byte> json, int at)
    {
        ref var first = ref MemoryMarshal.GetReference(json);
        var length = json.Length;

        // Names and short values end within 16 bytes.
        if (at <= length - Vector128<byte>.Count)
        {
            var found = Special(Vector128.LoadUnsafe(ref first, (nuint)at)).ExtractMostSignificantBits();
            var step = found == 0 ? Vector128<byte>.Count : BitOperations.TrailingZeroCount(found);
            at += step;
            if (found != 0 && Unsafe.Add(ref first, at) == '"')
            {
                return at + 1;
            }
        }

        ulong carry = 0;
        while (at <= length - 64)
        {
            if (!Classify(ref Unsafe.Add(ref first, at), out var quotes, out var backslashes, out var plain, out var controls) && carry == 0)
            {
                at += 64;
                continue;
            }

            // Behind a backslash nearly always stands one of three; what else may stand there is looked at singly.
            plain |= quotes | backslashes;
            var escaped = Escaped(backslashes, ref carry);
            quotes &= ~escaped;
            var inside = (quotes & (0 - quotes)) - 1;
            var doubtful = escaped & ~plain;
            if (((controls | doubtful) & inside) != 0)
            {
                var wrong = FirstWrong(json, at, controls & inside, doubtful & inside);
                if (wrong >= 0)
                {
                    return ~wrong;
                }
            }

            if (quotes != 0)
            {
                return at + BitOperations.TrailingZeroCount(quotes) + 1;
            }

            at += 64;
        }

        return Tail(json, at, carry != 0);
    }

    private static int Tail(ReadOnlySpan<byte> json, int at, bool escaped)
    {
        for (; at < json.Length; at++)
        {
            var b = json[at];
            if (escaped)
            {
                if (!IsEscape(json, at))
                {
                    return ~at;
                }

                escaped = false;
            }
            else if (b == '"')
            {
                return at + 1;
            }
            else if (b < 0x20)
            {
                return ~at;
            }
            else
            {
                escaped = b == '\\';
            }
        }

        return ~json.Length;
    }

    /// <summary>Marks each byte that stands behind an effective backslash; <paramref name="carry"/> is 1 where that is the next block's first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Escaped(ulong backslashes, ref ulong carry)
    {
        var candidates = backslashes & ~carry;
        var codes = (((candidates << 1) | OddBits) - candidates) ^ OddBits;
        var escaped = codes ^ (backslashes | carry);
        carry = (codes & backslashes) >> 63;
        return escaped;
    }

    private static int FirstWrong(ReadOnlySpan<byte> json, int at, ulong controls, ulong escaped)
    {
        var wrong = controls == 0 ? int.MaxValue : at + BitOperations.TrailingZeroCount(controls);
        for (; escaped != 0; escaped &= escaped - 1)
        {
            var target = at + BitOperations.TrailingZeroCount(escaped);
            if (!IsEscape(json, target))
            {
                wrong = Math.Min(wrong, target);
                break;
            }
        }

        return wrong == int.MaxValue ? -1 : wrong;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsEscape(ReadOnlySpan<byte> json, int at)
    {
        var b = json[at];

        // One bit a letter from '\\' (0x5C) to 'u': \ b f n r t
        const uint Letters = 1u | 1u << ('b' - '\\') | 1u << ('f' - '\\') | 1u << ('n' - '\\') | 1u << ('r' - '\\') | 1u << ('t' - '\\');
        var index = (uint)(b - '\\');
        if ((index < 32 && ((Letters >> (int)index) & 1) != 0) || b is (byte)'"' or (byte)'/')
        {
            return true;
        }

        return b == 'u' && IsHex(json, at + 1);
    }

    private static bool IsHex(ReadOnlySpan<byte> json, int at) =>
        at <= json.Length - 4
        && char.IsAsciiHexDigit((char)json[at]) && char.IsAsciiHexDigit((char)json[at + 1])
        && char.IsAsciiHexDigit((char)json[at + 2]) && char.IsAsciiHexDigit((char)json[at + 3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Special(Vector128<byte> v) =>
        Vector128.Equals(v, Vector128.Create((byte)'"'))
        | Vector128.Equals(v, Vector128.Create((byte)'\\'))
        | Vector128.Equals(Vector128.Min(v, Vector128.Create((byte)0x1F)), v);

    /// <summary>One bit a byte for quotes, backslashes, the letter n and control characters; false, and no bits, where the 64 bytes have nothing to look at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Classify(ref byte block, out ulong quotes, out ulong backslashes, out ulong letters, out ulong controls)
    {
        quotes = backslashes = letters = controls = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var a = Vector256.LoadUnsafe(ref block);
            var b = Vector256.LoadUnsafe(ref block, 32);
            var (quote, backslash, control) = (Vector256.Create((byte)'"'), Vector256.Create((byte)'\\'), Vector256.Create((byte)0x1F));
            var (qa, qb) = (Vector256.Equals(a, quote), Vector256.Equals(b, quote));
            var (ba, bb) = (Vector256.Equals(a, backslash), Vector256.Equals(b, backslash));
            var (ca, cb) = (Vector256.Equals(Vector256.Min(a, control), a), Vector256.Equals(Vector256.Min(b, control), b));
            if (((qa | qb) | (ba | bb) | (ca | cb)) == Vector256<byte>.Zero)
            {
                return false;
            }

            var n = Vector256.Create((byte)'n');
            quotes = Bits(qa, qb);
            backslashes = Bits(ba, bb);
            letters = Bits(Vector256.Equals(a, n), Vector256.Equals(b, n));
            controls = Bits(ca, cb);
            return true;
        }
        else
        {
            var a = Vector128.LoadUnsafe(ref block);
            var b = Vector128.LoadUnsafe(ref block, 16);
            var c = Vector128.LoadUnsafe(ref block, 32);
            var d = Vector128.LoadUnsafe(ref block, 48);
            var (quote, backslash, control) = (Vector128.Create((byte)'"'), Vector128.Create((byte)'\\'), Vector128.Create((byte)0x1F));
            var (qa, qb, qc, qd) = (Vector128.Equals(a, quote), Vector128.Equals(b, quote), Vector128.Equals(c, quote), Vector128.Equals(d, quote));
            var (ba, bb, bc, bd) = (Vector128.Equals(a, backslash), Vector128.Equals(b, backslash), Vector128.Equals(c, backslash), Vector128.Equals(d, backslash));

            // A control character is the least byte of its block: one comparison for all four.
            var least = Vector128.Min(Vector128.Min(a, b), Vector128.Min(c, d));
            var anyControl = Vector128.Equals(Vector128.Min(least, control), least);
            if ((((qa | qb) | (qc | qd)) | ((ba | bb) | (bc | bd)) | anyControl) == Vector128<byte>.Zero)
            {
                return false;
            }

            var n = Vector128.Create((byte)'n');
            quotes = Bits(qa, qb, qc, qd);
            backslashes = Bits(ba, bb, bc, bd);
            letters = Bits(Vector128.Equals(a, n), Vector128.Equals(b, n), Vector128.Equals(c, n), Vector128.Equals(d, n));
            if (anyControl != Vector128<byte>.Zero)
            {
                controls = Bits(
                    Vector128.Equals(Vector128.Min(a, control), a), Vector128.Equals(Vector128.Min(b, control), b),
                    Vector128.Equals(Vector128.Min(c, control), c), Vector128.Equals(Vector128.Min(d, control), d));
            }

            return true;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(Vector256<byte> a, Vector256<byte> b) =>
        a.ExtractMostSignificantBits() | ((ulong)b.ExtractMostSignificantBits() << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Bits(Vector128<byte> a, Vector128<byte> b, Vector128<byte> c, Vector128<byte> d) =>
        (a.ExtractMostSignificantBits() | (b.ExtractMostSignificantBits() << 16))
        | ((ulong)(c.ExtractMostSignificantBits() | (d.ExtractMostSignificantBits() << 16)) << 32);
}
