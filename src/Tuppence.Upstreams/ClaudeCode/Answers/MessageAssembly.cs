using System.Buffers;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>Puts a message together from its events, as the API would have sent it whole. Strings keep their bytes.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/streaming (2026-08-22).</remarks>
internal sealed class MessageAssembly
{
    private const int MostBlocks = 100_000;

    private readonly List<BlockAssembly> blocks = [];
    private byte[]? message;

    /// <summary>Takes the next event.</summary>
    public void Take(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        if (name.SequenceEqual("message_start"u8) && JsonText.TryMember(json, "message"u8, out var begun))
        {
            message = begun.ToArray();
        }
        else if (name.SequenceEqual("content_block_start"u8) && JsonText.TryMember(json, "content_block"u8, out var block) && block[0] == '{' && TryIndex(json, out var index))
        {
            while (blocks.Count <= index)
            {
                blocks.Add(new BlockAssembly());
            }

            blocks[index].Begin(block);
        }
        else if (name.SequenceEqual("content_block_delta"u8) && JsonText.TryMember(json, "delta"u8, out var delta) && TryIndex(json, out var at) && at < blocks.Count)
        {
            blocks[at].Add(delta);
        }
        else if (name.SequenceEqual("message_delta"u8) && message is not null)
        {
            Merge(json);
        }
    }

    /// <summary>The message; false where it never began.</summary>
    public bool TryWrite(out ReadOnlyMemory<byte> json)
    {
        json = default;
        if (message is null)
        {
            return false;
        }

        var content = new ArrayBufferWriter<byte>(4096);
        content.Write("["u8);
        var first = true;
        foreach (var block in blocks)
        {
            if (block.HasBegun)
            {
                content.Write(first ? default : ","u8);
                block.Write(content);
                first = false;
            }
        }

        content.Write("]"u8);
        json = JsonText.WithMember(message, "content"u8, content.WrittenSpan);
        return true;
    }

    private static bool TryIndex(ReadOnlySpan<byte> json, out int index)
    {
        index = JsonText.TryMember(json, "index"u8, out var raw) && JsonText.TryInteger(raw, out var number) && number is >= 0 and < MostBlocks ? (int)number : -1;
        return index >= 0;
    }

    // The delta's members and all others are the message's; of usage, later figures take the place of earlier ones.
    private void Merge(ReadOnlySpan<byte> json)
    {
        var cursor = new JsonCursor(json, JsonCursor.DeepestNesting);
        cursor.Next();
        cursor.Enter();
        for (var first = true; cursor.NextMember(ref first, out var member);)
        {
            var start = cursor.At;
            cursor.SkipValue();
            var name = member.Of(json);
            var value = json[start..cursor.At];
            if (JsonText.Means(name, "delta"u8) && value[0] == '{')
            {
                message = MergeInto(message, value);
            }
            else if (JsonText.Means(name, "usage"u8) && value[0] == '{')
            {
                var usage = JsonText.TryMember(message, "usage"u8, out var earlier) && earlier[0] == '{' ? MergeInto(earlier, value) : value.ToArray();
                message = JsonText.WithMember(message, "usage"u8, usage);
            }
            else if (!JsonText.Means(name, "type"u8) && value[0] != 'n')
            {
                message = JsonText.WithMember(message, name[1..^1], value);
            }
        }
    }

    private static byte[] MergeInto(ReadOnlySpan<byte> json, ReadOnlySpan<byte> members)
    {
        var merged = json.ToArray();
        var cursor = new JsonCursor(members, JsonCursor.DeepestNesting);
        cursor.Next();
        cursor.Enter();
        for (var first = true; cursor.NextMember(ref first, out var member);)
        {
            var start = cursor.At;
            cursor.SkipValue();
            merged = JsonText.WithMember(merged, member.Of(members)[1..^1], members[start..cursor.At]);
        }

        return merged;
    }
}
