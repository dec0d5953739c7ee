using System.Text;
using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>A list. Bare text is split at <paramref name="separator"/>, or read as JSON where it starts with <c>[</c>.</summary>
/// <param name="item">Format of an item.</param>
/// <param name="items">What the items are, in words, in the plural.</param>
/// <param name="separator">Comma, or a space for program arguments.</param>
internal sealed class ListFormat<T>(ValueFormat<T?> item, string items, char separator = ',') : ValueFormat<IReadOnlyList<T>>
    where T : class
{
    public override string Accepted => $"a list of {items}";

    public override bool TryRead(ConfigNode node, Reading reading, out IReadOnlyList<T> value)
    {
        value = [];
        if (Items(node, reading) is not { } nodes)
        {
            return false;
        }

        var found = new List<T>(nodes.Count);
        var before = reading.Errors.Count;
        for (var i = 0; i < nodes.Count; i++)
        {
            var place = node.Kind == NodeKind.Text ? "" : $"[{i}]";
            if (item.TryRead(nodes[i], reading with { Key = reading.Key + place, Accepted = item.Accepted, Default = null }, out var one))
            {
                found.Add(one!);
            }
        }

        value = found;
        return reading.Errors.Count == before;
    }

    public override bool IsSecret => item.IsSecret;

    public override bool Masks(IReadOnlyList<T> value) => value.Any(item.Masks);

    public override string Show(IReadOnlyList<T> value) => value.Count == 0 ? "-" : string.Join(", ", value.Select(item.Show));

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T> value)
    {
        writer.WriteStartArray();
        foreach (var one in value)
        {
            item.Write(writer, one);
        }

        writer.WriteEndArray();
    }

    public override bool Same(IReadOnlyList<T> left, IReadOnlyList<T> right) => left.SequenceEqual(right);

    private IReadOnlyList<ConfigNode>? Items(ConfigNode node, Reading reading)
    {
        if (node.Kind == NodeKind.Text && node.Text.StartsWith('['))
        {
            return new JsonConfigReader(Encoding.UTF8.GetBytes(node.Text), node.Origin).Read(reading.Errors) is { } parsed ? Items(parsed, reading) : null;
        }

        switch (node.Kind)
        {
            case NodeKind.Array:
                return node.Items;
            case NodeKind.Text:
                return [.. node.Text.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => ConfigNode.Bare(part, node.Origin))];
            default:
                reading.RefuseType(node, "a list", node.Kind == NodeKind.String ? "Put it in brackets: [ ... ]" : null, secret: true);
                return null;
        }
    }
}
