using System.Buffers;

namespace Tuppence.Exchange;

/// <summary>A request body in one pooled array, with room in front so that the head can be put before it and both be sent at once.</summary>
internal sealed class PooledBody : IDisposable
{
    private const int HeadRoom = 4 * 1024;

    private byte[]? array;

    /// <summary>Room for <paramref name="capacity"/> bytes of body.</summary>
    public PooledBody(int capacity) => array = ArrayPool<byte>.Shared.Rent(HeadRoom + capacity);

    /// <summary>Bytes of body.</summary>
    public int Length { get; private set; }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Bytes => array.AsMemory(HeadRoom, Length);

    /// <summary>Room for at least <paramref name="more"/> further bytes; call <see cref="Advance"/> when they are written.</summary>
    public Span<byte> Reserve(int more)
    {
        if (array!.Length - HeadRoom - Length < more)
        {
            var larger = ArrayPool<byte>.Shared.Rent(HeadRoom + Math.Max(Length * 2, Length + more));
            Bytes.CopyTo(larger.AsMemory(HeadRoom));
            ArrayPool<byte>.Shared.Return(array);
            array = larger;
        }

        return array.AsSpan(HeadRoom + Length);
    }

    /// <summary>Counts bytes that were written into the reserved room.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Head and body as one run, or null where the head is larger than the room.</summary>
    public ReadOnlyMemory<byte>? Join(ReadOnlySpan<byte> head)
    {
        if (head.Length > HeadRoom)
        {
            return null;
        }

        var start = HeadRoom - head.Length;
        head.CopyTo(array.AsSpan(start));
        return array.AsMemory(start, head.Length + Length);
    }

    /// <summary>Gives the array back.</summary>
    public void Dispose()
    {
        if (array is { } rented)
        {
            array = null;
            // The head before the body held a credential.
            rented.AsSpan(0, HeadRoom).Clear();
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
