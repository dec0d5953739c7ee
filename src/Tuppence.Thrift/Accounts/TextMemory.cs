using System.Diagnostics.CodeAnalysis;
using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Accounts;

/// <summary>Texts of blocks by their hashes, bounded in bytes: what nobody sent for longest is forgotten first. Not safe for parallel use.</summary>
/// <param name="most">Bytes in all.</param>
/// <param name="longest">Bytes of one text; the rest of a longer one is not kept.</param>
internal sealed class TextMemory(int most, int longest)
{
    private readonly Dictionary<UInt128, LinkedListNode<(UInt128 Content, byte[] Text)>> texts = [];
    private readonly LinkedList<(UInt128 Content, byte[] Text)> byAge = new();

    /// <summary>Bytes kept.</summary>
    public long Bytes { get; private set; }

    /// <summary>Remembers a text, or makes it young again.</summary>
    /// <param name="content">Hash of the block.</param>
    /// <param name="json">A JSON string with its quotes, or any other JSON value.</param>
    public void Keep(UInt128 content, ReadOnlySpan<byte> json)
    {
        if (texts.TryGetValue(content, out var known))
        {
            byAge.Remove(known);
            byAge.AddLast(known);
            return;
        }

        var kept = json[..Math.Min(json.Length, longest)];
        if (kept.Length > most)
        {
            return;
        }

        texts.Add(content, byAge.AddLast((content, kept.ToArray())));
        Bytes += kept.Length;
        while (Bytes > most)
        {
            var oldest = byAge.First!;
            byAge.RemoveFirst();
            texts.Remove(oldest.Value.Content);
            Bytes -= oldest.Value.Text.Length;
        }
    }

    /// <summary>The text as it reads, or its beginning; false where it is not remembered.</summary>
    public bool TryRead(UInt128 content, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!texts.TryGetValue(content, out var known))
        {
            return false;
        }

        ReadOnlySpan<byte> json = known.Value.Text;
        if (json.IsEmpty || json[0] != '"')
        {
            text = System.Text.Encoding.UTF8.GetString(json);
            return true;
        }

        text = JsonText.Decode(json.Length > 1 && json.Length < longest ? json : [.. WithoutHalfEscape(json), (byte)'"']);
        return true;
    }

    /// <summary>A string that was cut somewhere, without what may be half of an escape at its end.</summary>
    private static ReadOnlySpan<byte> WithoutHalfEscape(ReadOnlySpan<byte> json)
    {
        var tail = json[Math.Max(1, json.Length - 6)..].LastIndexOf((byte)'\\');
        return tail < 0 ? json : json[..(Math.Max(1, json.Length - 6) + tail)];
    }
}
