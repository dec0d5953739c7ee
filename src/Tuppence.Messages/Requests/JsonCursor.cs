namespace Tuppence.Messages.Requests;

/// <summary>Walks JSON text (RFC 8259) byte by byte without recursion and without allocating; strict in syntax, indifferent to UTF-8.</summary>
/// <remarks>Each step answers false when it fails; then <see cref="Fault"/> and <see cref="FaultAt"/> say what and where.</remarks>
internal ref partial struct JsonCursor
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
        if (b == ']')
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

        var wrong = ~end;
        return wrong >= json.Length ? FailAt(At, "a string that begins here is not closed")
            : json[wrong] < 0x20 ? FailAt(wrong, $"control character 0x{json[wrong]:X2} inside a string (write it as an escape)")
            : FailAt(wrong - 1, "an unknown escape inside a string");
    }

    private bool SkipScalar()
    {
        var rest = json[At..];
        var length = rest.IsEmpty ? 0 : rest[0] switch
        {
            (byte)'t' => rest.StartsWith("true"u8) ? 4 : 0,
            (byte)'f' => rest.StartsWith("false"u8) ? 5 : 0,
            (byte)'n' => rest.StartsWith("null"u8) ? 4 : 0,
            _ => JsonNumber.Length(rest),
        };
        if (length <= 0)
        {
            At += -length;
            return Fail(length < 0 ? "a number that is not one in JSON" : "expected a value");
        }

        At += length;
        return true;
    }
}
