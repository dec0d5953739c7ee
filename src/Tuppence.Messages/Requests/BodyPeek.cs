namespace Tuppence.Messages.Requests;

/// <summary>What routing wants to know of a body that nobody edits: its model and whether it asks for a stream.</summary>
public static class BodyPeek
{
    /// <summary>Reads <c>model</c>. False where the body is malformed, or has no model that is a string.</summary>
    public static bool TryModel(ReadOnlySpan<byte> body, out string model)
    {
        model = "";
        if (!TryRead(body, out var value, out _) || value.IsEmpty || value[0] != '"')
        {
            return false;
        }

        model = JsonText.Decode(value);
        return true;
    }

    /// <summary>Reads the first <c>model</c> without looking at what stands behind it. False where there is none up to the first error.</summary>
    public static bool TryFirstModel(ReadOnlySpan<byte> body, out string model)
    {
        model = "";
        var cursor = new JsonCursor(body, JsonCursor.DeepestNesting);
        if (cursor.Next() != '{' || !cursor.Enter())
        {
            return false;
        }

        for (var first = true; cursor.NextMember(ref first, out var name);)
        {
            var start = cursor.At;
            if (!cursor.SkipValue())
            {
                return false;
            }

            if (JsonText.Means(name.Of(body), "model"u8))
            {
                var isText = body[start] == '"';
                model = isText ? JsonText.Decode(body[start..cursor.At]) : "";
                return isText;
            }
        }

        return false;
    }

    /// <summary>Reads <c>stream</c>; absent means no. False where the body is malformed, or <c>stream</c> is neither true nor false.</summary>
    public static bool TryStream(ReadOnlySpan<byte> body, out bool stream)
    {
        stream = false;
        if (!TryRead(body, out _, out var value))
        {
            return false;
        }

        stream = value.SequenceEqual("true"u8);
        return stream || value.IsEmpty || value.SequenceEqual("false"u8);
    }

    /// <summary>Reads both values as written in one pass without allocating; empty where absent. False where the body is malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> model, out ReadOnlySpan<byte> stream)
    {
        model = stream = default;
        var cursor = new JsonCursor(body, JsonCursor.DeepestNesting);
        if (cursor.Next() != '{' || !cursor.Enter())
        {
            return false;
        }

        for (var first = true; cursor.NextMember(ref first, out var name);)
        {
            var start = cursor.At;
            if (!cursor.SkipValue())
            {
                return false;
            }

            if (JsonText.Means(name.Of(body), "model"u8))
            {
                model = body[start..cursor.At];
            }
            else if (JsonText.Means(name.Of(body), "stream"u8))
            {
                stream = body[start..cursor.At];
            }
        }

        return cursor.Fault is null && cursor.End();
    }
}
