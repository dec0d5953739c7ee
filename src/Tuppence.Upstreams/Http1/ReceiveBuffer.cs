using System.Buffers;

namespace Tuppence.Upstreams.Http1;

/// <summary>Bytes that were received and not yet read, in a pooled array: small while a stream trickles, large while it floods.</summary>
internal struct ReceiveBuffer
{
    private const int Small = 4 * 1024;
    private const int Large = 64 * 1024;

    private byte[]? array;
    private int start;
    private int end;
    private int lastCount;

    /// <summary>Number of bytes at hand.</summary>
    public readonly int Count => end - start;

    /// <summary>The bytes at hand.</summary>
    public readonly ReadOnlySpan<byte> Bytes => array.AsSpan(start, end - start);

    /// <summary>Marks bytes as read.</summary>
    public void Consume(int count) => start += count;

    /// <summary>Room to receive into; what is at hand stays.</summary>
    public Memory<byte> Room()
    {
        if (start == end)
        {
            (start, end) = (0, 0);
            Resize(array is null || lastCount <= Small / 4 ? Small : lastCount == array.Length ? Large : array.Length);
        }
        else if (end == array!.Length)
        {
            Resize(array.Length * 2);
        }

        return array.AsMemory(end);
    }

    /// <summary>Takes in bytes that were received into the room.</summary>
    public void Received(int count)
    {
        lastCount = count;
        end += count;
    }

    /// <summary>Forgets what is at hand and gives the array back.</summary>
    public void Release()
    {
        (start, end, lastCount) = (0, 0, 0);
        Resize(0);
    }

    private void Resize(int size)
    {
        if ((array?.Length ?? 0) == size)
        {
            return;
        }

        var old = array;
        array = size == 0 ? null : ArrayPool<byte>.Shared.Rent(size);
        if (old is not null)
        {
            old.AsSpan(start, end - start).CopyTo(array);
            (start, end) = (0, end - start);
            ArrayPool<byte>.Shared.Return(old);
        }
    }
}
