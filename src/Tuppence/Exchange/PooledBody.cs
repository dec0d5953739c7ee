using System.Buffers;
using System.Runtime.InteropServices;
using Tuppence.Messages.Requests;

namespace Tuppence.Exchange;

/// <summary>A request body in one pooled array, with room in front so that the head can be put before it and both be sent at once.</summary>
internal sealed class PooledBody : IDisposable
{
    private const int HeadRoom = 4 * 1024;

    // More changes than this are rare enough to be worth a copy.
    private const int MaxMoves = 256;

    private byte[]? array;
    private int start = HeadRoom;

    /// <summary>Room for <paramref name="capacity"/> bytes of body.</summary>
    public PooledBody(int capacity) => array = ArrayPool<byte>.Shared.Rent(HeadRoom + capacity);

    /// <summary>Bytes of body.</summary>
    public int Length { get; private set; }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Bytes => array.AsMemory(start, Length);

    /// <summary>Room for at least <paramref name="more"/> further bytes; call <see cref="Advance"/> when they are written.</summary>
    public Span<byte> Reserve(int more)
    {
        if (array!.Length - start - Length < more)
        {
            var larger = ArrayPool<byte>.Shared.Rent(HeadRoom + Math.Max(Length * 2, Length + more));
            Bytes.CopyTo(larger.AsMemory(HeadRoom));
            ArrayPool<byte>.Shared.Return(array);
            (array, start) = (larger, HeadRoom);
        }

        return array.AsSpan(start + Length);
    }

    /// <summary>Counts bytes that were written into the reserved room.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Writes the body to <paramref name="upstream"/>.</summary>
    public Task WriteToAsync(Stream upstream) => upstream.WriteAsync(Bytes).AsTask();

    /// <summary>Head and body as one run, or null where the head is larger than the room.</summary>
    public ReadOnlyMemory<byte>? Join(ReadOnlySpan<byte> head)
    {
        if (head.Length > start)
        {
            return null;
        }

        head.CopyTo(array.AsSpan(start - head.Length));
        return array.AsMemory(start - head.Length, head.Length + Length);
    }

    /// <summary>
    /// Makes the changes where the body lies: its longest untouched run stays, and what stands before and after it closes up or
    /// gives way. False, with nothing changed, where there is no room for that; then the body must be copied.
    /// </summary>
    /// <param name="splices">Ordered and without overlap, as <see cref="Splices.Items"/> gives them.</param>
    public bool TryApply(ReadOnlySpan<Splice> splices)
    {
        if (splices.Length is 0 or > MaxMoves)
        {
            return splices.Length == 0;
        }

        // Run i stands before change i; the last run behind the last change.
        Span<int> to = stackalloc int[splices.Length + 1];
        var anchor = Longest(splices);
        to[anchor] = start + RunStart(splices, anchor);
        for (var i = anchor - 1; i >= 0; i--)
        {
            to[i] = to[i + 1] - splices[i].Insert.Length - RunLength(splices, i);
        }

        for (var i = anchor + 1; i <= splices.Length; i++)
        {
            to[i] = to[i - 1] + RunLength(splices, i - 1) + splices[i - 1].Insert.Length;
        }

        var end = to[^1] + RunLength(splices, splices.Length);
        if (to[0] < 0 || end > array!.Length || Borrows(splices))
        {
            return false;
        }

        Move(splices, to);
        for (var i = 0; i < splices.Length; i++)
        {
            splices[i].Insert.Span.CopyTo(array.AsSpan(to[i] + RunLength(splices, i)));
        }

        (start, Length) = (to[0], end - to[0]);
        return true;
    }

    /// <summary>Gives the array back.</summary>
    public void Dispose()
    {
        if (array is { } rented)
        {
            array = null;
            // The head before the body held a credential.
            rented.AsSpan(0, start).Clear();
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    // Runs that go left are moved from the left, those that go right from the right: none then lands on one that has still to move.
    private void Move(ReadOnlySpan<Splice> splices, ReadOnlySpan<int> to)
    {
        var bytes = array.AsSpan();
        for (var i = 0; i < to.Length; i++)
        {
            var from = start + RunStart(splices, i);
            if (to[i] < from)
            {
                bytes.Slice(from, RunLength(splices, i)).CopyTo(bytes[to[i]..]);
            }
        }

        for (var i = to.Length - 1; i >= 0; i--)
        {
            var from = start + RunStart(splices, i);
            if (to[i] > from)
            {
                bytes.Slice(from, RunLength(splices, i)).CopyTo(bytes[to[i]..]);
            }
        }
    }

    private int Longest(ReadOnlySpan<Splice> splices)
    {
        var longest = 0;
        for (var i = 1; i <= splices.Length; i++)
        {
            longest = RunLength(splices, i) > RunLength(splices, longest) ? i : longest;
        }

        return longest;
    }

    /// <summary>True where a change brings bytes of this very body, which moving would spoil.</summary>
    private bool Borrows(ReadOnlySpan<Splice> splices)
    {
        foreach (ref readonly var splice in splices)
        {
            if (MemoryMarshal.TryGetArray(splice.Insert, out var segment) && ReferenceEquals(segment.Array, array))
            {
                return true;
            }
        }

        return false;
    }

    private static int RunStart(ReadOnlySpan<Splice> splices, int run) => run == 0 ? 0 : splices[run - 1].Range.End;

    private int RunLength(ReadOnlySpan<Splice> splices, int run) => (run == splices.Length ? Length : splices[run].Range.Start) - RunStart(splices, run);
}
