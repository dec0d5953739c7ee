using System.Text;
using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>Names with a text each. Bare text is <c>name=value,name=value</c>, or JSON where it starts with <c>{</c>.</summary>
/// <param name="accepted">What is accepted, in words.</param>
/// <param name="names">How names are compared.</param>
/// <param name="rule">Judges a name and its value together.</param>
internal sealed class MapFormat(string accepted, StringComparer names, Func<string, string, Refusal?> rule) : ValueFormat<IReadOnlyDictionary<string, string>>
{
    /// <summary>Whether values are masked when shown; headers may carry keys.</summary>
    public bool Masked { get; init; }

    public override string Accepted => accepted;

    public override bool TryRead(ConfigNode node, Reading reading, out IReadOnlyDictionary<string, string> value)
    {
        var map = new Dictionary<string, string>(names);
        value = map;
        var before = reading.Errors.Count;
        foreach (var member in Members(node, reading))
        {
            var place = "." + member.Name;
            var text = member.Value;
            if (!text.IsText)
            {
                reading.RefuseType(text, "a string", secret: Masked, member: place);
            }
            else if (rule(member.Name, text.Text) is { } refusal)
            {
                reading.Refuse(text, refusal.Problem, refusal.Remedy, place);
            }
            else if (!map.TryAdd(member.Name, text.Text))
            {
                reading.Refuse(text, "This name is given twice.", "Keep one of the two.", place);
            }
        }

        return reading.Errors.Count == before;
    }

    public override bool Masks(IReadOnlyDictionary<string, string> value) => Masked && value.Count > 0;

    public override string Show(IReadOnlyDictionary<string, string> value) =>
        value.Count == 0 ? "-" : string.Join(", ", value.Select(pair => $"{pair.Key}={(Masked ? "***" : pair.Value)}"));

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> value)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value)
        {
            writer.WriteString(name, Masked ? "***" : text);
        }

        writer.WriteEndObject();
    }

    public override bool Same(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var other) && other == pair.Value);

    private static IReadOnlyList<ConfigMember> Members(ConfigNode node, Reading reading)
    {
        switch (node.Kind)
        {
            case NodeKind.Object:
                return node.Members;
            case NodeKind.Text when node.Text.StartsWith('{'):
                return new JsonConfigReader(Encoding.UTF8.GetBytes(node.Text), node.Origin).Read(reading.Errors) is { } parsed ? Members(parsed, reading) : [];
            case NodeKind.Text:
                return [.. node.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => Pair(part, node.Origin))];
            default:
                reading.RefuseType(node, "an object", secret: true);
                return [];
        }
    }

    private static ConfigMember Pair(string part, ConfigOrigin origin)
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? new ConfigMember(part, origin, ConfigNode.Bare("", origin))
            : new ConfigMember(part[..equals].TrimEnd(), origin, ConfigNode.Bare(part[(equals + 1)..].TrimStart(), origin));
    }
}
