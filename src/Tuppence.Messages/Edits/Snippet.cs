using Tuppence.Messages.Requests;

namespace Tuppence.Messages.Edits;

/// <summary>A value that an edit puts into a body, made once when the edit is compiled, also as it reads without <c>ttl</c>.</summary>
internal sealed class Snippet
{
    private Snippet(ReadOnlyMemory<byte> bytes, ReadOnlyMemory<byte> withoutTtl, int ttls)
    {
        Bytes = bytes;
        WithoutTtl = withoutTtl;
        Ttls = ttls;
    }

    /// <summary>The JSON text.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The same without <c>ttl</c> in any <c>cache_control</c>.</summary>
    public ReadOnlyMemory<byte> WithoutTtl { get; }

    /// <summary>How many cuts lie between the two.</summary>
    public int Ttls { get; }

    /// <summary>A value in which no <c>cache_control</c> can be.</summary>
    public static Snippet Plain(ReadOnlyMemory<byte> value) => new(value, value, 0);

    /// <summary>The value of a top-level member; what it may hold depends on the member's name.</summary>
    public static Snippet Of(string name, ReadOnlySpan<byte> value)
    {
        byte[] head = [(byte)'{', .. JsonText.Quote(name), (byte)':'];
        byte[] whole = [.. head, .. value, (byte)'}'];
        if (!MessageBody.TryRead(whole, out var body, out _, JsonCursor.DeepestNesting) || body.CacheTtls.IsEmpty)
        {
            return Plain(value.ToArray());
        }

        var splices = new Splices();
        foreach (var ttl in body.CacheTtls)
        {
            splices.Remove(ttl);
        }

        var stripped = new byte[splices.OutputLength(whole.Length)];
        splices.CopyTo(whole, stripped);
        return new Snippet(value.ToArray(), stripped.AsMemory(head.Length..^1), body.CacheTtls.Length);
    }

    /// <summary>The array <c>[…]</c> without its brackets, as it is put among other elements.</summary>
    public Snippet Elements() => new(Inner(Bytes), Inner(WithoutTtl), Ttls);

    private static ReadOnlyMemory<byte> Inner(ReadOnlyMemory<byte> array)
    {
        var start = array.Span.IndexOf((byte)'[') + 1;
        var end = array.Span.LastIndexOf((byte)']');
        return array[start..end].Trim(" \t\r\n"u8);
    }
}
