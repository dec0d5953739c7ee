using System.Text;
using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Writing;

/// <summary>Changes single options in the text of a configuration file. Every other byte stays: comments, order, white space, a byte-order mark.</summary>
internal static class ConfigText
{
    private static ReadOnlySpan<byte> Mark => [0xEF, 0xBB, 0xBF];

    /// <summary>Sets an option, or takes it out where <paramref name="value"/> is null. Options have their full key path.</summary>
    /// <param name="text">The file; empty: a new one, as JSON.</param>
    /// <param name="key">For example <c>cache.level</c>.</param>
    /// <param name="value">The value as JSON, or null.</param>
    /// <param name="refusal">Why the file's form cannot hold the value; then the result is null.</param>
    public static byte[]? Change(ReadOnlySpan<byte> text, string key, JsonElement? value, out string? refusal)
    {
        refusal = null;
        var mark = text.StartsWith(Mark) ? Mark.Length : 0;
        var body = text[mark..];
        List<TextEdit>? edits;
        var isNew = body.IndexOfAnyExcept(" \t\r\n"u8) < 0;
        if (!isNew && KeyValueReader.Recognizes(Encoding.UTF8.GetString(body)))
        {
            edits = new KeyValueText(body.ToArray()).Change(key, value, out refusal);
        }
        else
        {
            // The white space of a file that holds nothing else is no one's work.
            body = isNew ? "{\n}\n"u8 : body;
            edits = new JsonText(body.ToArray()).Change(key, value);
        }

        return edits is null ? null : [.. text[..mark], .. TextEdit.Apply(body, edits)];
    }
}
