using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Prompts;

/// <summary>Tells what a text block says beside its text and its <c>cache_control</c>: mostly nothing, sometimes citations.</summary>
internal static class TextBlock
{
    /// <summary>Room for what is beside the text: more than a plain block has.</summary>
    public const int Room = 64;

    /// <summary>Collects what is beside the text, without white space. False where it is more than <paramref name="room"/> takes.</summary>
    /// <param name="json">The body.</param>
    /// <param name="block">The whole element.</param>
    /// <param name="text">Its text with quotes.</param>
    /// <param name="marked">Its <c>cache_control</c> with the comma that goes with it; empty where it has none.</param>
    /// <param name="room">Is filled.</param>
    /// <param name="beside">The part of <paramref name="room"/> that is.</param>
    public static bool TryBeside(ReadOnlySpan<byte> json, ByteRange block, ByteRange text, ByteRange marked, Span<byte> room, out ReadOnlySpan<byte> beside)
    {
        var length = 0;
        for (var at = block.Start; at < block.End; at++)
        {
            if (at == text.Start)
            {
                at = text.End - 1;
            }
            else if (at == marked.Start && !marked.IsEmpty)
            {
                at = marked.End - 1;
            }
            else if (json[at] is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                if (length == room.Length)
                {
                    beside = default;
                    return false;
                }

                room[length++] = json[at];
            }
        }

        beside = room[..length];
        return true;
    }

    /// <summary>Whether that is nothing but the frame of a text block.</summary>
    public static bool IsFrame(ReadOnlySpan<byte> beside) =>
        beside.SequenceEqual("{\"type\":\"text\",\"text\":}"u8) || beside.SequenceEqual("{\"text\":,\"type\":\"text\"}"u8);

    /// <summary>Whether a block is a text and nothing else, its <c>cache_control</c> aside.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> json, in PromptBlock block)
    {
        if (block.Kind != BlockKind.Text || block.Text.IsEmpty)
        {
            return false;
        }

        var marked = block.CacheControl.IsEmpty ? default : CacheControlMember.Range(json, block.CacheControl);
        return block.IsString || (TryBeside(json, block.Range, block.Text, marked, stackalloc byte[Room], out var beside) && IsFrame(beside));
    }
}
