using System.Text;
using System.Text.Json;

namespace Tuppence.Emulator.Faults;

/// <summary>Reads a fault from text: <c>status=529; retry-after=2</c>, or the same as JSON: <c>{"fault":"status","status":529,"retry-after":2}</c>.</summary>
/// <remarks>
/// <code>
/// fault  = kind [ "=" value ] *( ";" name [ "=" value ] )
/// value  = text without ";"  /  DQUOTE text DQUOTE, where \" and \\ stand for themselves
/// </code>
/// Names may be written with <c>-</c> or <c>_</c>. <see cref="FaultMembers"/> says which there are.
/// </remarks>
internal static class FaultSyntax
{
    /// <summary>The fault, or what is wrong with the text.</summary>
    public static (Fault? Fault, string? Error) Read(string text)
    {
        if (!text.AsSpan().TrimStart().StartsWith("{"))
        {
            return ReadCompact(text);
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return ReadJson(document.RootElement);
        }
        catch (JsonException)
        {
            return (null, "The fault is neither valid JSON nor of the form kind=value; name=value.");
        }
    }

    /// <summary>The fault of a JSON object.</summary>
    public static (Fault? Fault, string? Error) ReadJson(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            return ReadCompact(json.GetString()!);
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            return (null, "A fault is a JSON object or a string.");
        }

        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            if (member.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                return (null, $"{member.Name} must be a text or a number.");
            }

            members[Name(member.Name)] = member.Value.ToString();
        }

        return members.Remove("fault", out var kind)
            ? FaultMembers.Build(kind, members, json.GetRawText())
            : (null, $"The member \"fault\" is missing: it says what goes wrong. Kinds: {FaultMembers.Kinds}.");
    }

    private static (Fault? Fault, string? Error) ReadCompact(string text)
    {
        string? kind = null;
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in Split(text))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = Name(equals < 0 ? part : part[..equals]);
            var value = equals < 0 ? "" : Unquote(part[(equals + 1)..].Trim());
            if (kind is not null)
            {
                members[name] = value;
                continue;
            }

            kind = name;
            if (equals >= 0)
            {
                if (FaultMembers.MainOf(kind) is not { } main)
                {
                    return (null, $"{kind} takes no value of its own; write {kind}; after-bytes=…");
                }

                members[main] = value;
            }
        }

        return FaultMembers.Build(kind ?? "", members, text.Trim());
    }

    private static string Name(string text) => text.Trim().Replace('_', '-').ToLowerInvariant();

    private static string Unquote(string value) =>
        value.Length >= 2 && value[0] == '"' && value[^1] == '"'
            ? value[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal)
            : value;

    private static IEnumerable<string> Split(string text)
    {
        var part = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\' && i + 1 < text.Length)
            {
                part.Append(text[i++]);
            }
            else if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (text[i] == ';' && !quoted)
            {
                yield return part.ToString();
                part.Clear();
                continue;
            }

            part.Append(text[i]);
        }

        if (!string.IsNullOrWhiteSpace(part.ToString()))
        {
            yield return part.ToString();
        }
    }
}
