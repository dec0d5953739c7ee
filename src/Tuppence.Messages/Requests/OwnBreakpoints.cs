namespace Tuppence.Messages.Requests;

/// <summary>Tells whether a request brings breakpoints (<c>cache_control</c>) of its own.</summary>
public static class OwnBreakpoints
{
    // Keeps its arrays, so that a steady stream of requests allocates next to nothing.
    [ThreadStatic]
    private static MessageBody? spare;

    /// <summary>True where the top level, a tool, a system block or a content block has one. A body that cannot be read has none.</summary>
    public static bool Any(ReadOnlyMemory<byte> body)
    {
        // Where it is text inside a string, its quotes are escaped: most requests need no second look.
        if (body.Span.IndexOf("\"cache_control\""u8) < 0)
        {
            return false;
        }

        var index = spare ?? new MessageBody();
        spare = null;
        var found = index.Read(body, MessageBody.DefaultMaxDepth) is null && HasAny(index);
        index.Clear();
        spare = index;
        return found;
    }

    /// <summary>The same for a body that has been read.</summary>
    public static bool Any(MessageBody body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return body.Bytes.Span.IndexOf("\"cache_control\""u8) >= 0 && HasAny(body);
    }

    private static bool HasAny(MessageBody body) =>
        body.TryFind("cache_control"u8, out var automatic) && !automatic.Value.Of(body.Bytes.Span).SequenceEqual("null"u8)
        || HasAny(body, body.SystemList.Span) || HasAny(body, body.ToolList.Span) || HasAny(body, body.BlockList.Span);

    private static bool HasAny(MessageBody body, ReadOnlySpan<BodyBlock> blocks)
    {
        foreach (ref readonly var block in blocks)
        {
            if (!block.CacheControl.IsEmpty && !block.CacheControl.Of(body.Bytes.Span).SequenceEqual("null"u8))
            {
                return true;
            }
        }

        return false;
    }
}
