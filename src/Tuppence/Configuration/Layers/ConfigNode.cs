namespace Tuppence.Configuration.Layers;

/// <summary>One value as the user wrote it, with the place where it stands.</summary>
internal sealed class ConfigNode
{
    /// <summary>What it was written as.</summary>
    public required NodeKind Kind { get; init; }

    /// <summary>Where it stands.</summary>
    public required ConfigOrigin Origin { get; init; }

    /// <summary>The text of a scalar, unescaped.</summary>
    public string Text { get; init; } = "";

    /// <summary>Items of an array.</summary>
    public IReadOnlyList<ConfigNode> Items { get; init; } = [];

    /// <summary>Members of an object in their order, duplicates included.</summary>
    public IReadOnlyList<ConfigMember> Members { get; init; } = [];

    /// <summary>True for a JSON string and for bare text.</summary>
    public bool IsText => Kind is NodeKind.Text or NodeKind.String;

    /// <summary>Bare text from outside a JSON file.</summary>
    public static ConfigNode Bare(string text, ConfigOrigin origin) => new() { Kind = NodeKind.Text, Text = text, Origin = origin };

    /// <summary>The kind in words, without the content; safe for secrets.</summary>
    public string Name => Kind switch
    {
        NodeKind.Text => "text",
        NodeKind.String => "a string",
        NodeKind.Number => "a number",
        NodeKind.Boolean => "true or false",
        NodeKind.Null => "null",
        NodeKind.Array => "a list",
        _ => "an object",
    };

    /// <summary>The value in words, with the start of its content; never for secrets.</summary>
    public string Describe() => Kind switch
    {
        NodeKind.Text => Quote(Text),
        NodeKind.String => $"the string {Quote(Text)}",
        NodeKind.Number => $"the number {Quote(Text)[1..^1]}",
        NodeKind.Boolean => Text,
        _ => Name,
    };

    /// <summary>Text in quotes, cut at 60 characters, without control characters; what looks like a key of Anthropic's is masked.</summary>
    public static string Quote(string text)
    {
        if (text.StartsWith("sk-", StringComparison.OrdinalIgnoreCase))
        {
            return "\"***\"";
        }

        var shown = text.Length > 60 ? string.Concat(text.AsSpan(0, 57), "...") : text;
        return $"\"{string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c))}\"";
    }
}
