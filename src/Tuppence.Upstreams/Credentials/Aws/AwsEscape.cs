using System.Text;

namespace Tuppence.Upstreams.Credentials.Aws;

/// <summary>Paths and queries in the canonical form of AWS signatures.</summary>
internal static class AwsEscape
{
    /// <summary>The path without empty segments, every character but unreserved ones and <c>/</c> escaped: what was escaped on the wire is escaped twice.</summary>
    public static string Path(string path)
    {
        var text = new StringBuilder(path.Length + 16);
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append('/');
            Escape(text, segment);
        }

        return text.Length == 0 ? "/" : path.EndsWith('/') ? text.Append('/').ToString() : text.ToString();
    }

    /// <summary>The query's pairs, unescaped, escaped strictly, and sorted by name and value.</summary>
    public static string Query(string query)
    {
        var pairs = new List<(string Name, string Value)>();
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            pairs.Add((Strict(at < 0 ? pair : pair[..at]), Strict(at < 0 ? "" : pair[(at + 1)..])));
        }

        pairs.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name) is var byName and not 0 ? byName : string.CompareOrdinal(a.Value, b.Value));
        return string.Join('&', pairs.Select(static pair => $"{pair.Name}={pair.Value}"));
    }

    private static string Strict(string text)
    {
        // In a query “+” is a space to those who read forms, as AWS does.
        var escaped = new StringBuilder(text.Length + 8);
        Escape(escaped, Uri.UnescapeDataString(text.Replace('+', ' ')));
        return escaped.ToString();
    }

    private static void Escape(StringBuilder into, string text)
    {
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '~')
            {
                into.Append(c);
            }
            else
            {
                into.Append('%').Append(Convert.ToHexString([b]));
            }
        }
    }
}
