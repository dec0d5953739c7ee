using System.Buffers;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>Finds lines in what was read. A line in one piece is not copied; others share one buffer.</summary>
internal sealed class LineSplitter : IDisposable
{
    private byte[] joined = [];
    private long looked;

    /// <summary>Takes the next whole line, without its line feed, off the buffer. It holds until the next call.</summary>
    public bool TryTake(ref ReadOnlySequence<byte> buffer, out ReadOnlySpan<byte> line)
    {
        line = default;
        if (buffer.Slice(looked).PositionOf((byte)'\n') is not { } end)
        {
            // What was looked at once holds none.
            looked = buffer.Length;
            return false;
        }

        var whole = buffer.Slice(0, end);
        looked = 0;
        if (whole.IsSingleSegment)
        {
            line = whole.FirstSpan;
        }
        else
        {
            var length = checked((int)whole.Length);
            if (joined.Length < length)
            {
                Return();
                joined = ArrayPool<byte>.Shared.Rent(length);
            }

            whole.CopyTo(joined);
            line = joined.AsSpan(0, length);
        }

        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Return();
        joined = [];
    }

    private void Return()
    {
        if (joined.Length > 0)
        {
            // It may hold text of the conversation.
            ArrayPool<byte>.Shared.Return(joined, clearArray: true);
        }
    }
}
