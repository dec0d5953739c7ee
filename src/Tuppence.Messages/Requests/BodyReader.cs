namespace Tuppence.Messages.Requests;

/// <summary>Fills the index of a <see cref="MessageBody"/> in one pass.</summary>
internal ref struct BodyReader(MessageBody body, ReadOnlySpan<byte> json, int maxDepth)
{
    private readonly MessageBody body = body;
    private readonly ReadOnlySpan<byte> json = json;
    private JsonCursor cursor = new(json, maxDepth);

    public readonly string Fault => cursor.Fault ?? "";

    public readonly int FaultAt => cursor.FaultAt;

    public bool Read()
    {
        if (cursor.Next() != '{')
        {
            return cursor.Fail("expected '{'");
        }

        var start = cursor.At;
        if (!cursor.Enter() || !Members())
        {
            return false;
        }

        body.Root = new ByteRange(start, cursor.At);
        return cursor.End();
    }

    private bool Members()
    {
        for (var first = true; cursor.NextMember(ref first, out var name);)
        {
            var start = cursor.At;
            if (!MemberValue(name.Of(json)))
            {
                return false;
            }

            body.MemberList.Add(new BodyMember(name, new ByteRange(start, cursor.At)));
        }

        return cursor.Fault is null;
    }

    private bool MemberValue(ReadOnlySpan<byte> name)
    {
        // A second member of the same name takes the place of the first, with all that it holds.
        if (JsonText.Means(name, "messages"u8))
        {
            body.MessageList.Clear();
            body.BlockList.Clear();
            return Messages();
        }

        if (JsonText.Means(name, "system"u8))
        {
            body.SystemList.Clear();
            return Blocks(ref body.SystemList);
        }

        if (JsonText.Means(name, "tools"u8))
        {
            body.ToolList.Clear();
            return Blocks(ref body.ToolList);
        }

        return JsonText.Means(name, "cache_control"u8) ? CacheControl() : cursor.SkipValue();
    }

    private bool Messages()
    {
        if (cursor.Next() != '[')
        {
            return cursor.SkipValue();
        }

        if (!cursor.Enter())
        {
            return false;
        }

        for (var first = true; cursor.NextElement(ref first);)
        {
            if (!Message())
            {
                return false;
            }
        }

        return cursor.Fault is null;
    }

    private bool Message()
    {
        var start = cursor.At;
        var message = new BodyMessage(default, MessageRole.Unknown, default, default, body.BlockList.Count, 0);
        if (cursor.Next() != '{')
        {
            if (!cursor.SkipValue())
            {
                return false;
            }
        }
        else
        {
            cursor.Enter();
            for (var first = true; cursor.NextMember(ref first, out var name);)
            {
                var value = cursor.At;
                if (JsonText.Means(name.Of(json), "content"u8))
                {
                    body.BlockList.Truncate(message.FirstBlock);
                    if (!Blocks(ref body.BlockList))
                    {
                        return false;
                    }

                    message = message with { Content = new ByteRange(value, cursor.At), BlockCount = body.BlockList.Count - message.FirstBlock };
                }
                else if (!cursor.SkipValue())
                {
                    return false;
                }
                else if (JsonText.Means(name.Of(json), "role"u8))
                {
                    var role = new ByteRange(value, cursor.At);
                    message = message with { RoleValue = role, Role = RoleOf(role.Of(json)) };
                }
            }
        }

        body.MessageList.Add(message with { Range = new ByteRange(start, cursor.At) });
        return cursor.Fault is null;
    }

    private bool Blocks(ref GrowingList<BodyBlock> blocks)
    {
        if (cursor.Next() != '[')
        {
            return cursor.SkipValue();
        }

        if (!cursor.Enter())
        {
            return false;
        }

        for (var first = true; cursor.NextElement(ref first);)
        {
            if (!Block(out var block))
            {
                return false;
            }

            blocks.Add(block);
        }

        return cursor.Fault is null;
    }

    private bool Block(out BodyBlock block)
    {
        block = default;
        var start = cursor.At;
        if (cursor.Next() != '{')
        {
            var skipped = cursor.SkipValue();
            block = block with { Range = new ByteRange(start, cursor.At) };
            return skipped;
        }

        if (!cursor.Enter())
        {
            return false;
        }

        for (var first = true; cursor.NextMember(ref first, out var member);)
        {
            var value = cursor.At;
            var name = member.Of(json);
            var read = JsonText.Means(name, "cache_control"u8) ? CacheControl()
                : JsonText.Means(name, "content"u8) ? NestedBlocks()
                : JsonText.Means(name, "source"u8) ? Source()
                : cursor.SkipValue();
            if (!read)
            {
                return false;
            }

            var range = new ByteRange(value, cursor.At);
            block = JsonText.Means(name, "type"u8) ? block with { Type = range }
                : JsonText.Means(name, "text"u8) ? block with { Text = range }
                : JsonText.Means(name, "cache_control"u8) ? block with { CacheControl = range }
                : block;
        }

        block = block with { Range = new ByteRange(start, cursor.At) };
        return cursor.Fault is null;
    }

    /// <summary>The blocks in a tool result, search result or document: read for their cache_control alone.</summary>
    private bool NestedBlocks()
    {
        if (cursor.Next() != '[')
        {
            return cursor.SkipValue();
        }

        if (!cursor.Enter())
        {
            return false;
        }

        for (var first = true; cursor.NextElement(ref first);)
        {
            if (!Block(out _))
            {
                return false;
            }
        }

        return cursor.Fault is null;
    }

    /// <summary>A document's source may itself hold blocks under <c>content</c>.</summary>
    private bool Source()
    {
        if (cursor.Next() != '{')
        {
            return cursor.SkipValue();
        }

        if (!cursor.Enter())
        {
            return false;
        }

        for (var first = true; cursor.NextMember(ref first, out var name);)
        {
            if (!(JsonText.Means(name.Of(json), "content"u8) ? NestedBlocks() : cursor.SkipValue()))
            {
                return false;
            }
        }

        return cursor.Fault is null;
    }

    private bool CacheControl()
    {
        if (cursor.Next() != '{')
        {
            return cursor.SkipValue();
        }

        if (!cursor.Enter())
        {
            return false;
        }

        var removal = new MemberRemoval();
        for (var first = true; cursor.NextMember(ref first, out var name);)
        {
            if (!cursor.SkipValue())
            {
                return false;
            }

            if (removal.Visit(name.Start, cursor.At, JsonText.Means(name.Of(json), "ttl"u8), out var cut))
            {
                body.TtlList.Add(cut);
            }
        }

        if (removal.Finish(out var last))
        {
            body.TtlList.Add(last);
        }

        return cursor.Fault is null;
    }

    private static MessageRole RoleOf(ReadOnlySpan<byte> value) =>
        JsonText.Means(value, "user"u8) ? MessageRole.User
        : JsonText.Means(value, "assistant"u8) ? MessageRole.Assistant
        : JsonText.Means(value, "system"u8) ? MessageRole.System
        : MessageRole.Unknown;
}
