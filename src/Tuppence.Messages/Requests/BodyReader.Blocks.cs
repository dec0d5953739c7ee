namespace Tuppence.Messages.Requests;

/// <content>Blocks, and the marks on them.</content>
internal ref partial struct BodyReader
{
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
        if (!Count())
        {
            return false;
        }

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
            if (!Block(out var nested))
            {
                return false;
            }

            if (!nested.CacheControl.IsEmpty)
            {
                body.NestedMarkList.Add(nested.CacheControl);
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
            if (!Count() || !cursor.SkipValue())
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
}
