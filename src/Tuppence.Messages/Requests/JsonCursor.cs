using System.Diagnostics.CodeAnalysis;

namespace Tuppence.Messages.Requests;

/// <summary>Walks JSON text (RFC 8259) byte by byte without recursion and without allocating; strict in syntax, indifferent to UTF-8.</summary>
/// <remarks>Each step answers false when it fails; then <see cref="Fault"/> and <see cref="FaultAt"/> say what and where.</remarks>
internal ref struct JsonCursor
{
    /// <summary>Deepest nesting that can be asked for.</summary>
    public const int DeepestNesting = 1024;

    private readonly ReadOnlySpan<byte> json;
    private readonly int maxDepth;
    private int depth;

    public JsonCursor(ReadOnlySpan<byte> json, int maxDepth)
    {
        this.json = json;
        this.maxDepth = Math.Min(maxDepth, DeepestNesting);
        At = json.StartsWith("\uFEFF"u8) ? 3 : 0;
    }

    /// <summary>Offset of the next byte to read.</summary>
    public int At { get; private set; }

    /// <summary>What is wrong, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>Offset of the byte that is wrong.</summary>
    public int FaultAt { get; private set; }

    /// <summary>Skips white space and looks at the next byte; 0 at the end.</summary>
    public byte Next()
    {
        var at = At;
        while ((uint)at < (uint)json.Length)
        {
            var b = json[at];
            if (b > ' ' || b is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                At = at;
                return b;
            }

            at++;
        }

        At = at;
        return 0;
    }

    /// <summary>Enters the object or array that starts here.</summary>
    public bool Enter()
    {
        if (++depth > maxDepth)
        {
            return Fail($"nesting deeper than {maxDepth} levels");
        }

        At++;
        return true;
    }

    /// <summary>Steps to the next member's value, or out of the object (false, without a fault).</summary>
    public bool NextMember(ref bool first, out ByteRange name)
    {
        name = default;
        var b = Next();
        if (b == '}')
        {
            depth--;
            At++;
            return false;
        }

        if (!first)
        {
            if (b != ',')
            {
                return Fail("expected ',' or '}'");
            }

            At++;
            Next();
        }

        first = false;
        return Name(out name);
    }

    /// <summary>Steps to the next element, or out of the array (false, without a fault).</summary>
    public bool NextElement(ref bool first)
    {
        var b = Next();
        if (b == ']' )
        {
            depth--;
            At++;
            return false;
        }

        if (!first)
        {
            if (b != ',')
            {
                return Fail("expected ',' or ']'");
            }

            At++;
            Next();
        }

        first = false;
        return true;
    }

    /// <summary>Skips one value of any kind, checking its syntax.</summary>
    public bool SkipValue()
    {
        switch (Next())
        {
            case (byte)'"':
                return SkipString();
            case (byte)'{' or (byte)'[':
                return SkipContainer();
            default:
                return SkipScalar();
        }
    }

    /// <summary>Only white space may follow.</summary>
    public bool End() => Next() == 0 && At >= json.Length || Fail("expected nothing more after the closing '}'");

    /// <summary>Reports a fault at the next byte.</summary>
    public bool Fail(string what) => FailAt(At, At >= json.Length ? "unexpected end, " + what : what);

    private bool FailAt(int at, string what)
    {
        if (Fault is null)
        {
            Fault = what;
            FaultAt = at;
        }

        return false;
    }

    private bool Name(out ByteRange name)
    {
        name = default;
        if (At >= json.Length || json[At] != '"')
        {
            return Fail("expected a member name in double quotes");
        }

        var start = At;
        if (!SkipString())
        {
            return false;
        }

        name = new ByteRange(start, At);
        if (Next() != ':')
        {
            return Fail("expected ':' after a member name");
        }

        At++;
        Next();
        return true;
    }

    private bool SkipString()
    {
        var end = JsonString.End(json, At + 1);
        if (end >= 0)
        {
            At = end;
            return true;
        }

        return FailString(~end);
    }

    private bool FailString(int wrong)
    {
        if (wrong >= json.Length)
        {
            return FailAt(At, "a string that begins here is not closed");
        }

        return json[wrong] < 0x20
            ? FailAt(wrong, $"control character 0x{json[wrong]:X2} inside a string (write it as an escape)")
            : FailAt(wrong - 1, "an unknown escape inside a string");
    }

    private bool SkipContainer()
    {
        Span<ulong> objects = stackalloc ulong[DeepestNesting / 64];
        var floor = depth;
        while (true)
        {
            var b = At < json.Length ? json[At] : (byte)0;
            if (b is (byte)'{' or (byte)'[')
            {
                if (!Enter())
                {
                    return false;
                }

                var level = depth - 1;
                var bit = 1UL << (level & 63);
                ref var word = ref objects[level >> 6];
                word = b == '{' ? word | bit : word & ~bit;
                if (Next() != b + 2)
                {
                    if (b == '{' && !Name(out _))
                    {
                        return false;
                    }

                    continue;
                }

                depth--;
                At++;
            }
            else if (!(b == '"' ? SkipString() : SkipScalar()))
            {
                return false;
            }

            // Behind a value: close what ends here, then go on with the next value.
            while (true)
            {
                if (depth == floor)
                {
                    return true;
                }

                var isObject = ((objects[(depth - 1) >> 6] >> ((depth - 1) & 63)) & 1) != 0;
                b = Next();
                if (b == ',')
                {
                    At++;
                    Next();
                    if (isObject && !Name(out _))
                    {
                        return false;
                    }

                    break;
                }

                if (b != (isObject ? '}' : ']'))
                {
                    return Fail(isObject ? "expected ',' or '}'" : "expected ',' or ']'");
                }

                depth--;
                At++;
            }
        }
    }

    private bool SkipScalar()
    {
        var rest = json[At..];
        var length = rest.IsEmpty ? 0 : rest[0] switch
        {
            (byte)'t' => rest.StartsWith("true"u8) ? 4 : 0,
            (byte)'f' => rest.StartsWith("false"u8) ? 5 : 0,
            (byte)'n' => rest.StartsWith("null"u8) ? 4 : 0,
            _ => NumberLength(rest),
        };
        if (length <= 0)
        {
            At += -length;
            return Fail(length < 0 ? "a number that is not one in JSON" : "expected a value");
        }

        At += length;
        return true;
    }

    /// <summary>Length of the number (RFC 8259 section 6); 0 where none begins, negative where it breaks off after as many bytes.</summary>
    [SuppressMessage("Style", "IDE0078:Use pattern matching", Justification = "Reads as the grammar does.")]
    private static int NumberLength(ReadOnlySpan<byte> text)
    {
        var i = text[0] == '-' ? 1 : 0;
        var digits = Digits(text, i);
        if (digits == 0 || (digits > 1 && text[i] == '0'))
        {
            return i == 0 && digits == 0 ? 0 : -Math.Max(i, 1);
        }

        i += digits;
        if (i < text.Length && text[i] == '.')
        {
            digits = Digits(text, ++i);
            if (digits == 0)
            {
                return -i;
            }

            i += digits;
        }

        if (i < text.Length && (text[i] | 0x20) == 'e')
        {
            i++;
            i += i < text.Length && text[i] is (byte)'+' or (byte)'-' ? 1 : 0;
            digits = Digits(text, i);
            if (digits == 0)
            {
                return -i;
            }

            i += digits;
        }

        return i;
    }

    private static int Digits(ReadOnlySpan<byte> text, int at)
    {
        var end = at;
        while (end < text.Length && (uint)(text[end] - '0') <= 9)
        {
            end++;
        }

        return end - at;
    }
}
