namespace Tuppence.Messages.Requests;

/// <summary>Fills the index of a <see cref="MessageBody"/> in one pass.</summary>
internal ref partial struct BodyReader(MessageBody body, ReadOnlySpan<byte> json, int maxDepth)
{
    private readonly MessageBody body = body;
    private readonly ReadOnlySpan<byte> json = json;
    private JsonCursor cursor = new(json, maxDepth);
    private int entries;

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
            if (!Count() || !MemberValue(name.Of(json)))
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

    // A hostile body of empty elements must not make an index many times its size.
    private bool Count() =>
        ++entries <= MessageBody.MostEntries || cursor.Fail($"more than {MessageBody.MostEntries} members, messages and blocks");

    private bool Message()
    {
        if (!Count())
        {
            return false;
        }

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

    private static MessageRole RoleOf(ReadOnlySpan<byte> value) =>
        JsonText.Means(value, "user"u8) ? MessageRole.User
        : JsonText.Means(value, "assistant"u8) ? MessageRole.Assistant
        : JsonText.Means(value, "system"u8) ? MessageRole.System
        : MessageRole.Unknown;
}
