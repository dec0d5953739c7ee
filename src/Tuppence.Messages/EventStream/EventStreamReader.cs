using System.Buffers;
using System.Buffers.Binary;

namespace Tuppence.Messages.EventStream;

/// <summary>
/// Takes AWS event-stream frames (<c>application/vnd.amazon.eventstream</c>) out of bytes that come in any pieces. A frame that lies
/// whole in a piece is read where it lies; a split one is put together in a pooled array. Allocates nothing per frame.
/// </summary>
/// <remarks>
/// A frame is: total length, length of headers, CRC-32 of these eight bytes, headers, payload, CRC-32 of all before; numbers are
/// big-endian. Both checksums are verified, the first before room is made for what the lengths claim.
/// Source: https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html, "Event stream encoding" (2026).
/// </remarks>
public sealed class EventStreamReader : IDisposable
{
    /// <summary>Longest frame that is accepted: 16 MB.</summary>
    public const int MaxFrameBytes = 16 * 1024 * 1024;

    private const int PreludeBytes = 12;
    private const int MostKept = 64 * 1024;

    private byte[]? held;
    private int count;
    private bool isHandedOut;

    /// <summary>Why no further frame can be read.</summary>
    public EventStreamFault Fault { get; private set; }

    /// <summary>Whether part of a frame is at hand: a stream that ends here is cut.</summary>
    public bool IsInsideFrame => count > 0 && !isHandedOut;

    /// <summary>Reads the next frame and moves <paramref name="bytes"/> behind what was taken. False: more bytes are needed, or see <see cref="Fault"/>.</summary>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, out EventStreamFrame frame)
    {
        frame = default;
        LetGo();
        if (Fault != EventStreamFault.None)
        {
            return false;
        }

        if (count == 0 && bytes.Length >= PreludeBytes)
        {
            var length = LengthOf(bytes);
            if (length < 0)
            {
                return false;
            }

            if (bytes.Length >= length)
            {
                var whole = bytes[..length];
                bytes = bytes[length..];
                return TryOpen(whole, out frame);
            }
        }

        return TryAssemble(ref bytes, out frame);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (held is not null)
        {
            ArrayPool<byte>.Shared.Return(held, clearArray: true);
            held = null;
        }

        count = 0;
    }

    private bool TryAssemble(ref ReadOnlySpan<byte> bytes, out EventStreamFrame frame)
    {
        frame = default;
        if (!Take(ref bytes, PreludeBytes))
        {
            return false;
        }

        var length = LengthOf(held.AsSpan(0, count));
        if (length < 0 || !Take(ref bytes, length))
        {
            return false;
        }

        isHandedOut = true;
        return TryOpen(held.AsSpan(0, length), out frame);
    }

    /// <summary>Holds bytes until there are <paramref name="wanted"/> of them.</summary>
    private bool Take(ref ReadOnlySpan<byte> bytes, int wanted)
    {
        var taken = Math.Min(wanted - count, bytes.Length);
        if (taken > 0)
        {
            Reserve(wanted);
            bytes[..taken].CopyTo(held.AsSpan(count));
            bytes = bytes[taken..];
            count += taken;
        }

        return count >= wanted;
    }

    private void Reserve(int wanted)
    {
        if (held?.Length >= wanted)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent(wanted);
        if (held is not null)
        {
            held.AsSpan(0, count).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(held, clearArray: true);
        }

        held = larger;
    }

    private void LetGo()
    {
        if (!isHandedOut)
        {
            return;
        }

        (isHandedOut, count) = (false, 0);
        if (held!.Length > MostKept)
        {
            Dispose();
        }
    }

    /// <summary>Length of the frame whose prelude is at hand, or -1 with <see cref="Fault"/> set.</summary>
    private int LengthOf(ReadOnlySpan<byte> prelude)
    {
        var total = BinaryPrimitives.ReadUInt32BigEndian(prelude);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(prelude[4..]);
        Fault = Crc32.Of(prelude[..8]) != BinaryPrimitives.ReadUInt32BigEndian(prelude[8..]) ? EventStreamFault.PreludeChecksum
            : total > MaxFrameBytes ? EventStreamFault.TooLarge
            : total < PreludeBytes + 4 || headers > total - PreludeBytes - 4 ? EventStreamFault.Malformed
            : EventStreamFault.None;
        return Fault == EventStreamFault.None ? (int)total : -1;
    }

    private bool TryOpen(ReadOnlySpan<byte> whole, out EventStreamFrame frame)
    {
        var headers = (int)BinaryPrimitives.ReadUInt32BigEndian(whole[4..]);
        frame = new EventStreamFrame(whole.Slice(PreludeBytes, headers), whole[(PreludeBytes + headers)..^4]);
        Fault = Crc32.Of(whole[..^4]) != BinaryPrimitives.ReadUInt32BigEndian(whole[^4..]) ? EventStreamFault.MessageChecksum
            : frame.IsWellFormed ? EventStreamFault.None
            : EventStreamFault.Malformed;
        return Fault == EventStreamFault.None;
    }
}
