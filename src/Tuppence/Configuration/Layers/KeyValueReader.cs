using System.Text;

namespace Tuppence.Configuration.Layers;

/// <summary>Reads plain <c>key=value</c> lines. <c>#</c> starts a comment at the start of a line or after white space; quotes are optional.</summary>
internal static class KeyValueReader
{
    /// <summary>True where the first line that says something is a <c>key=value</c> line, or no line does.</summary>
    public static bool Recognizes(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var start = line.TrimStart();
            if (start.IsEmpty || start[0] == '#')
            {
                continue;
            }

            var equals = start.IndexOf('=');
            return equals > 0 && IsKey(start[..equals].TrimEnd());
        }

        return true;
    }

    /// <summary>The assignments in order; each malformed line adds an error.</summary>
    public static List<Assignment> Read(string text, ConfigOrigin file, ICollection<ConfigError> errors)
    {
        var found = new List<Assignment>();
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var start = line.Length - line.TrimStart().Length;
            var content = line[start..];
            if (content.IsEmpty || content[0] == '#')
            {
                continue;
            }

            var here = file with { Line = number, Column = start + 1 };
            var equals = content.IndexOf('=');
            if (equals <= 0 || !IsKey(content[..equals].TrimEnd()))
            {
                errors.Add(new ConfigError(here, "", "This line is not of the form key=value.", "key=value, or # and a comment", "Write the line as key=value, or start it with #."));
                continue;
            }

            var rest = content[(equals + 1)..];
            var value = rest.TrimStart();
            var column = start + equals + 2 + (rest.Length - value.Length);
            found.Add(new Assignment(content[..equals].TrimEnd().ToString(), here, ConfigNode.Bare(Unquote(value), file with { Line = number, Column = column })));
        }

        return found;
    }

    private static bool IsKey(ReadOnlySpan<char> key) => !key.IsEmpty && key.IndexOfAnyExcept(KeyCharacters) < 0;

    private static readonly System.Buffers.SearchValues<char> KeyCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    private static string Unquote(ReadOnlySpan<char> value)
    {
        if (value.Length > 1 && value[0] is '"' or '\'')
        {
            var close = value[1..].IndexOf(value[0]);
            if (close >= 0)
            {
                return value.Slice(1, close).ToString();
            }
        }

        var kept = new StringBuilder(value.Length);
        foreach (var c in value)
        {
            if (c == '#' && (kept.Length == 0 || char.IsWhiteSpace(kept[^1])))
            {
                break;
            }

            kept.Append(c);
        }

        return kept.ToString().TrimEnd();
    }
}
