using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tuppence.Tests.Properties;

/// <summary>A plain reading of JSON for comparison: objects (the last of one name counts), lists, and scalars as canonical text.</summary>
internal static class MessagesDom
{
    public static object Read(ReadOnlyMemory<byte> json)
    {
        var text = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
        using var document = JsonDocument.Parse(text);
        return Read(document.RootElement);
    }

    public static object Read(string json) => Read(Encoding.UTF8.GetBytes(json));

    public static string Text(object node) => node switch
    {
        Dictionary<string, object> members => "{" + string.Join(",", members.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => Escape(m.Key) + ":" + Text(m.Value))) + "}",
        List<object> items => "[" + string.Join(",", items.Select(Text)) + "]",
        _ => (string)node,
    };

    /// <summary>A string as it stands in this reading.</summary>
    public static string Scalar(string text) => Escape(text);

    private static object Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new Dictionary<string, object>(StringComparer.Ordinal);
                foreach (var member in element.EnumerateObject())
                {
                    members[member.Name] = Read(member.Value);
                }

                return members;
            case JsonValueKind.Array:
                return element.EnumerateArray().Select(Read).ToList();
            case JsonValueKind.String:
                return Escape(Decode(element.GetRawText()));
            default:
                return element.GetRawText();
        }
    }

    // GetString refuses lone surrogates; the reading must not.
    private static string Decode(string raw)
    {
        var text = new StringBuilder();
        for (var i = 1; i < raw.Length - 1; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            i++;
            if (raw[i] == 'u')
            {
                text.Append((char)int.Parse(raw.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append("\"\\/\b\f\n\r\t"["\"\\/bfnrt".IndexOf(raw[i], StringComparison.Ordinal)]);
            }
        }

        return text.ToString();
    }

    private static string Escape(string text) => "\"" + string.Concat(text.Select(c => $"{(int)c:x4}")) + "\"";
}
