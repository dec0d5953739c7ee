using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Prompts;

/// <summary>Finds the member <c>cache_control</c> of a block by its value.</summary>
internal static class CacheControlMember
{
    /// <summary>What to cut so that the block has no <c>cache_control</c>: the member with the one comma that goes with it.</summary>
    public static ByteRange Range(ReadOnlySpan<byte> json, in BodyBlock block) => Range(json, block.CacheControl);

    /// <inheritdoc cref="Range(ReadOnlySpan{byte}, in BodyBlock)"/>
    public static ByteRange Range(ReadOnlySpan<byte> json, ByteRange value)
    {
        // Back over the colon and the name, which holds no quote of its own.
        var nameEnd = json[..value.Start].LastIndexOf((byte)'"');
        var start = json[..nameEnd].LastIndexOf((byte)'"');
        var before = start - 1;
        while (IsSpace(json[before]))
        {
            before--;
        }

        if (json[before] == ',')
        {
            return new ByteRange(before, value.End);
        }

        var end = value.End;
        while (IsSpace(json[end]))
        {
            end++;
        }

        if (json[end] != ',')
        {
            return new ByteRange(start, value.End);
        }

        end++;
        while (IsSpace(json[end]))
        {
            end++;
        }

        return new ByteRange(start, end);
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t';
}
