namespace Tuppence.Messages.Requests;

/// <summary>Changes to a body, collected in any order and applied in one copy. Every byte outside their ranges stays as it is.</summary>
/// <remarks>
/// Changes at one place keep the order in which they were added, insertions before a range that begins there. A change inside a
/// range that another removes goes with it; ranges that overlap in part are joined. So no order of adding can damage the output.
/// </remarks>
public sealed class Splices
{
    private GrowingList<Splice> items;
    private bool settled = true;
    private int delta;

    /// <summary>The changes, ordered by place and without overlap.</summary>
    public ReadOnlySpan<Splice> Items
    {
        get
        {
            Settle();
            return items.Span;
        }
    }

    /// <summary>True where nothing changes.</summary>
    public bool IsEmpty => items.Count == 0;

    /// <summary>Puts <paramref name="bytes"/> before the byte at <paramref name="at"/>.</summary>
    public void Insert(int at, ReadOnlyMemory<byte> bytes) => Replace(new ByteRange(at, at), bytes);

    /// <summary>Cuts a range.</summary>
    public void Remove(ByteRange range) => Replace(range, default);

    /// <summary>Puts <paramref name="bytes"/> in the place of a range.</summary>
    public void Replace(ByteRange range, ReadOnlyMemory<byte> bytes)
    {
        if (range.Start < 0 || range.End < range.Start)
        {
            throw new ArgumentOutOfRangeException(nameof(range), range, "A range runs from 0 upwards.");
        }

        if (range.IsEmpty && bytes.IsEmpty)
        {
            return;
        }

        items.Add(new Splice(range, bytes));
        settled = false;
    }

    /// <summary>Length in bytes of an original of <paramref name="originalLength"/> bytes once changed.</summary>
    public int OutputLength(int originalLength)
    {
        Settle();
        return originalLength + delta;
    }

    /// <summary>Writes the changed body. Answers the number of bytes written.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <see cref="OutputLength"/>.</exception>
    public int CopyTo(ReadOnlySpan<byte> original, Span<byte> destination)
    {
        var from = 0;
        var to = 0;
        foreach (ref readonly var splice in Items)
        {
            var kept = original[from..splice.Range.Start];
            kept.CopyTo(destination[to..]);
            to += kept.Length;
            splice.Insert.Span.CopyTo(destination[to..]);
            to += splice.Insert.Length;
            from = splice.Range.End;
        }

        original[from..].CopyTo(destination[to..]);
        return to + original.Length - from;
    }

    /// <summary>Forgets all changes and keeps the array.</summary>
    public void Clear()
    {
        items.Span.Clear();
        items.Clear();
        settled = true;
        delta = 0;
    }

    private void Settle()
    {
        if (settled)
        {
            return;
        }

        var span = items.Span;
        SortStably(span);
        var count = 0;
        foreach (var splice in span)
        {
            if (count > 0 && splice.Range.Start < span[count - 1].Range.End)
            {
                ref var outer = ref span[count - 1];
                if (splice.Range.End > outer.Range.End)
                {
                    var joined = new ByteRange(outer.Range.Start, splice.Range.End);
                    outer = new Splice(joined, (byte[])[.. outer.Insert.Span, .. splice.Insert.Span]);
                }

                continue;
            }

            span[count++] = splice;
        }

        items.Truncate(count);
        delta = 0;
        foreach (ref readonly var splice in items.Span)
        {
            delta += splice.Insert.Length - splice.Range.Length;
        }

        settled = true;
    }

    // They are few and nearly in order: insertion sort is stable and allocates nothing.
    private static void SortStably(Span<Splice> span)
    {
        for (var i = 1; i < span.Length; i++)
        {
            var moving = span[i];
            var at = i;
            for (; at > 0 && Precedes(moving, span[at - 1]); at--)
            {
                span[at] = span[at - 1];
            }

            span[at] = moving;
        }
    }

    private static bool Precedes(in Splice a, in Splice b) =>
        a.Range.Start != b.Range.Start ? a.Range.Start < b.Range.Start : a.Range.IsEmpty && !b.Range.IsEmpty;
}
