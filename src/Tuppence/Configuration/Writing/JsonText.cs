using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tuppence.Configuration.Writing;

/// <summary>Finds the edits that set or take out one option of a JSON file with comments.</summary>
internal sealed class JsonText(byte[] text)
{
    private const string Unit = "  ";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly JsonShape root = JsonShape.Read(text);
    private readonly string newLine = text.AsSpan().IndexOf("\r\n"u8) >= 0 ? "\r\n" : "\n";

    /// <summary>The edits, in order.</summary>
    public List<TextEdit> Change(string key, JsonElement? value)
    {
        // The deepest object on the way to the option, and what is left of the path there. Groups may be written as objects or with dots.
        var (parent, rest) = (root, key);
        while (true)
        {
            var members = parent.Members ?? [];
            if (members.FirstOrDefault(member => member.Name == rest) is { } found)
            {
                return value is { } given ? [Replace(found.Value, Written(given))] : Remove(parent, found);
            }

            if (members.FirstOrDefault(member => rest.StartsWith(member.Name + ".", StringComparison.Ordinal)) is not { } group)
            {
                return value is { } added ? Insert(parent, rest, added) : [];
            }

            rest = rest[(group.Name.Length + 1)..];
            if (group.Value.Members is null)
            {
                // “null” stands for a group that is not there.
                return value is { } inside ? [Replace(group.Value, Nested(rest, inside, IndentAt(group.Start)))] : [];
            }

            parent = group.Value;
        }
    }

    private static TextEdit Replace(JsonShape old, string with) => new(old.Start, old.End - old.Start, Encoding.UTF8.GetBytes(with));

    private List<TextEdit> Insert(JsonShape parent, string path, JsonElement value)
    {
        var close = parent.End - 1;
        var last = parent.Members is [.., var final] ? final : null;
        var after = last?.Value.End ?? parent.Start + 1;
        var comma = last is null ? -1 : CommaAfter(after);
        var place = close;
        while (place > after && IsSpace(text[place - 1]))
        {
            place--;
        }

        var edits = new List<TextEdit>();
        if (last is not null && comma < 0)
        {
            edits.Add(new TextEdit(after, 0, ","u8.ToArray()));
        }

        var isOneLine = last is not null && text.AsSpan(parent.Start, close - parent.Start).IndexOf((byte)'\n') < 0;
        var indent = last is not null && IsFirstOfLine(last.Start) ? IndentAt(last.Start) : IndentAt(close) + Unit;
        var split = path.IndexOf('.', StringComparison.Ordinal);
        var (name, written) = split < 0 ? (path, Written(value))
            : (path[..split], isOneLine ? $"{{ {Quoted(path[(split + 1)..])}: {Written(value)} }}" : Nested(path[(split + 1)..], value, indent));
        var member = $"{Quoted(name)}: {written}{(comma >= 0 ? "," : "")}";
        var isEmptyLine = last is null && text.AsSpan(place, close - place).IndexOf((byte)'\n') < 0;
        var added = isOneLine ? " " + member : newLine + indent + member + (isEmptyLine ? newLine + IndentAt(parent.Start) : "");
        edits.Add(new TextEdit(place, 0, Encoding.UTF8.GetBytes(added)));
        return edits;
    }

    private List<TextEdit> Remove(JsonShape parent, JsonShape.Member member)
    {
        var (start, end) = (member.Start, member.Value.End);
        var edits = new List<TextEdit>();
        if (CommaAfter(end) is >= 0 and var comma)
        {
            if (comma > end)
            {
                // A comment stands before its comma: that stays.
                edits.Add(new TextEdit(comma, 1, []));
            }
            else
            {
                end = comma + 1;
            }
        }
        else if (parent.Members!.LastOrDefault(other => other.Start < start) is { } before && CommaAfter(before.Value.End) is >= 0 and var earlier)
        {
            edits.Add(new TextEdit(earlier, 1, []));
        }

        // A line that holds nothing else goes as a whole.
        var behind = end;
        while (behind < text.Length && text[behind] is (byte)' ' or (byte)'\t' or (byte)'\r')
        {
            behind++;
        }

        if (behind < text.Length && text[behind] == (byte)'\n' && IsFirstOfLine(start))
        {
            (start, end) = (LineAt(start), behind + 1);
        }

        edits.Add(new TextEdit(start, end - start, []));
        return [.. edits.OrderBy(static edit => edit.Start)];
    }

    private string Nested(string path, JsonElement value, string indent)
    {
        var split = path.IndexOf('.', StringComparison.Ordinal);
        var deeper = indent + Unit;
        var (name, written) = split < 0 ? (path, Written(value)) : (path[..split], Nested(path[(split + 1)..], value, deeper));
        return $"{{{newLine}{deeper}{Quoted(name)}: {written}{newLine}{indent}}}";
    }

    private static string Quoted(string name) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(name)}\"";

    private static string Written(JsonElement value)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output, Relaxed))
        {
            value.WriteTo(json);
        }

        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>Place of the comma that follows a value, past white space and comments; -1 where there is none.</summary>
    private int CommaAfter(int at)
    {
        while (at < text.Length)
        {
            var rest = text.AsSpan(at);
            if (IsSpace(rest[0]))
            {
                at++;
            }
            else if (rest.StartsWith("//"u8))
            {
                at += rest.IndexOfAny("\r\n"u8) is >= 0 and var line ? line : rest.Length;
            }
            else if (rest.StartsWith("/*"u8))
            {
                at += 4 + rest[2..].IndexOf("*/"u8);
            }
            else
            {
                return rest[0] == (byte)',' ? at : -1;
            }
        }

        return -1;
    }

    private static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    private int LineAt(int at) => text.AsSpan(0, at).LastIndexOf((byte)'\n') + 1;

    private bool IsFirstOfLine(int at) => text.AsSpan(LineAt(at)..at).IndexOfAnyExcept(" \t"u8) < 0;

    private string IndentAt(int at)
    {
        var line = text.AsSpan(LineAt(at));
        var end = line.IndexOfAnyExcept(" \t"u8);
        return Encoding.ASCII.GetString(line[..Math.Max(0, end)]);
    }
}
