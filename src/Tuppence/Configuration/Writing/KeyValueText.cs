using System.Buffers;
using System.Text;
using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Writing;

/// <summary>Finds the edits that set or take out one option of a file of plain <c>key=value</c> lines.</summary>
internal sealed class KeyValueText(byte[] text)
{
    // Where EnumerateLines, and with it the reader, begins a new line.
    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\r\n\f\u0085\u2028\u2029");

    /// <summary>The edits, in order; null where the form cannot hold the value.</summary>
    public List<TextEdit>? Change(string key, JsonElement? value, out string? refusal)
    {
        refusal = null;
        var written = value is { } given ? Written(given) : null;
        if (value is not null && written is null)
        {
            refusal = "A file of key=value lines cannot hold this text (a line break, or quotes of both kinds). Write the file as JSON.";
            return null;
        }

        foreach (var (start, length) in Lines())
        {
            var line = text.AsSpan(start, length);
            var equals = line.IndexOf((byte)'=');
            if (equals <= 0 || line.TrimStart(" \t"u8).StartsWith("#"u8) || Encoding.UTF8.GetString(line[..equals]).Trim() != key)
            {
                continue;
            }

            var (from, to) = ValueIn(line, equals + 1);
            if (written is not null)
            {
                return [new TextEdit(start + from, to - from, Encoding.UTF8.GetBytes(written))];
            }

            // A comment behind the value stays.
            var comment = line[to..].IndexOf((byte)'#');
            var end = comment >= 0 ? to + comment : length + LineEndAt(start + length);
            return [new TextEdit(start, end, [])];
        }

        if (written is null)
        {
            return [];
        }

        var newLine = text.AsSpan().IndexOf("\r\n"u8) >= 0 ? "\r\n" : "\n";
        var isOpen = text.Length > 0 && text[^1] != (byte)'\n';
        return [new TextEdit(text.Length, 0, Encoding.UTF8.GetBytes($"{(isOpen ? newLine : "")}{key}={written}{newLine}"))];
    }

    private IEnumerable<(int Start, int Length)> Lines()
    {
        for (var start = 0; start < text.Length;)
        {
            var end = Array.IndexOf(text, (byte)'\n', start);
            end = end < 0 ? text.Length : end;
            yield return (start, (end > start && text[end - 1] == (byte)'\r' ? end - 1 : end) - start);
            start = end + 1;
        }
    }

    private int LineEndAt(int at) => at >= text.Length ? 0 : text[at] == (byte)'\r' ? 2 : 1;

    /// <summary>The value with its quotes, as <see cref="KeyValueReader"/> reads it: without a comment and the white space before it.</summary>
    private static (int From, int To) ValueIn(ReadOnlySpan<byte> line, int from)
    {
        while (from < line.Length && line[from] is (byte)' ' or (byte)'\t')
        {
            from++;
        }

        if (line.Length - from > 1 && line[from] is (byte)'"' or (byte)'\'' && line[(from + 1)..].IndexOf(line[from]) is >= 0 and var close)
        {
            return (from, from + close + 2);
        }

        var to = from;
        for (var i = from; i < line.Length && !(line[i] == (byte)'#' && (i == from || line[i - 1] is (byte)' ' or (byte)'\t')); i++)
        {
            to = line[i] is (byte)' ' or (byte)'\t' ? to : i + 1;
        }

        return (from, to);
    }

    private static string? Written(JsonElement value)
    {
        var plain = value.ValueKind == JsonValueKind.String ? value.GetString()! : Compact(value);
        var isBare = plain.Length > 0 && plain == plain.Trim() && plain[0] is not ('"' or '\'' or '#') && !plain.Contains(" #", StringComparison.Ordinal) && !plain.Contains("\t#", StringComparison.Ordinal);
        return plain.AsSpan().ContainsAny(LineEnds) ? null
            : isBare ? plain
            : !plain.Contains('"', StringComparison.Ordinal) ? $"\"{plain}\""
            : !plain.Contains('\'', StringComparison.Ordinal) ? $"'{plain}'"
            : null;
    }

    private static string Compact(JsonElement value)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            value.WriteTo(json);
        }

        return Encoding.UTF8.GetString(output.ToArray());
    }
}
