using Tuppence.Messages.Edits;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>Takes each <c>cache_control</c> out: the program sets its own, and all count towards the API's limit.</summary>
internal static class CacheMarkers
{
    private static readonly byte[] Name = "cache_control"u8.ToArray();

    /// <summary>Removes them wherever the API takes one; answers how many there were.</summary>
    public static int Remove(EditDraft draft)
    {
        var body = draft.Body;
        var count = 0;
        if (body.TryFind(Name, out var member))
        {
            count += member.Value.Of(body.Bytes.Span).SequenceEqual("null"u8) ? 0 : 1;
            draft.Remove(Name);
        }

        count += Remove(draft, body.SystemBlocks) + Remove(draft, body.Tools);
        foreach (ref readonly var message in body.Messages)
        {
            count += Remove(draft, body.BlocksOf(message));
        }

        return count;
    }

    private static int Remove(EditDraft draft, ReadOnlySpan<BodyBlock> blocks)
    {
        var bytes = draft.Body.Bytes.Span;
        var count = 0;
        foreach (ref readonly var block in blocks)
        {
            // Where it is text inside a string, its quotes are escaped: most blocks need no second look.
            if (block.Range.Of(bytes).IndexOf("\"cache_control\""u8) >= 0 || !block.CacheControl.IsEmpty)
            {
                count += Block(draft, block.Range.Start, block.Range.Of(bytes), depth: 0);
            }
        }

        return count;
    }

    // Blocks stand inside blocks: in the content of tool results and search results, and in a document's source.
    private static int Block(EditDraft draft, int offset, ReadOnlySpan<byte> json, int depth)
    {
        var cursor = new JsonCursor(json, JsonCursor.DeepestNesting);
        if (depth > 8 || cursor.Next() != '{' || !cursor.Enter())
        {
            return 0;
        }

        var count = 0;
        var removal = new MemberRemoval();
        for (var first = true; cursor.NextMember(ref first, out var name);)
        {
            var start = cursor.At;
            cursor.SkipValue();
            var isMarker = JsonText.Means(name.Of(json), Name);
            count += isMarker && json[start] != 'n' ? 1 : 0;
            if (removal.Visit(name.Start, cursor.At, isMarker, out var cut))
            {
                draft.Splices.Remove(new ByteRange(offset + cut.Start, offset + cut.End));
            }

            if (JsonText.Means(name.Of(json), "content"u8) || JsonText.Means(name.Of(json), "source"u8))
            {
                count += Nested(draft, offset + start, json[start..cursor.At], depth + 1);
            }
        }

        if (removal.Finish(out var last))
        {
            draft.Splices.Remove(new ByteRange(offset + last.Start, offset + last.End));
        }

        return count;
    }

    private static int Nested(EditDraft draft, int offset, ReadOnlySpan<byte> json, int depth)
    {
        if (json[0] == '{')
        {
            return Block(draft, offset, json, depth);
        }

        var cursor = new JsonCursor(json, JsonCursor.DeepestNesting);
        if (json[0] != '[' || cursor.Next() != '[' || !cursor.Enter())
        {
            return 0;
        }

        var count = 0;
        for (var first = true; cursor.NextElement(ref first);)
        {
            cursor.Next();
            var start = cursor.At;
            cursor.SkipValue();
            count += Block(draft, offset + start, json[start..cursor.At], depth);
        }

        return count;
    }
}
