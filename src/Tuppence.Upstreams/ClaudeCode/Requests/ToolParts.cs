using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Requests;

/// <summary>The parts of a tool that the program carries, as they were written; empty where one is absent.</summary>
internal ref struct ToolParts
{
    /// <summary>Its name.</summary>
    public ReadOnlySpan<byte> Name;

    /// <summary>Its description.</summary>
    public ReadOnlySpan<byte> Description;

    /// <summary>Its schema.</summary>
    public ReadOnlySpan<byte> Schema;

    /// <summary>Its type.</summary>
    public ReadOnlySpan<byte> Type;

    /// <summary>Reads a tool; false where it is no object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> tool, out ToolParts parts)
    {
        parts = default;
        var cursor = new JsonCursor(tool, JsonCursor.DeepestNesting);
        if (cursor.Next() != '{' || !cursor.Enter())
        {
            return false;
        }

        for (var first = true; cursor.NextMember(ref first, out var member);)
        {
            var start = cursor.At;
            cursor.SkipValue();
            var name = member.Of(tool);
            var value = tool[start..cursor.At];
            if (value.SequenceEqual("null"u8))
            {
                continue;
            }

            if (JsonText.Means(name, "name"u8))
            {
                parts.Name = value;
            }
            else if (JsonText.Means(name, "description"u8))
            {
                parts.Description = value;
            }
            else if (JsonText.Means(name, "input_schema"u8))
            {
                parts.Schema = value;
            }
            else if (JsonText.Means(name, "type"u8))
            {
                parts.Type = value;
            }
        }

        return true;
    }

    /// <summary>Notes the members that are not carried, but for <c>cache_control</c>, which is counted elsewhere.</summary>
    public static void NoteOthers(ReadOnlySpan<byte> tool, List<string> done)
    {
        var cursor = new JsonCursor(tool, JsonCursor.DeepestNesting);
        cursor.Next();
        cursor.Enter();
        for (var first = true; cursor.NextMember(ref first, out var member);)
        {
            cursor.SkipValue();
            var name = member.Of(tool);
            if (!JsonText.Means(name, "name"u8) && !JsonText.Means(name, "description"u8) && !JsonText.Means(name, "input_schema"u8)
                && !JsonText.Means(name, "type"u8) && !JsonText.Means(name, "cache_control"u8))
            {
                Foreign.Note(done, "tools", name);
            }
        }
    }
}
