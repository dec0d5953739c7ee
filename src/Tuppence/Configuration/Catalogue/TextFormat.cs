using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>Text under a rule.</summary>
internal sealed class TextFormat(string accepted, TextRule rule) : ValueFormat<string?>
{
    public override string Accepted => accepted;

    public override bool TryRead(ConfigNode node, Reading reading, out string? value)
    {
        value = null;
        if (!node.IsText)
        {
            reading.RefuseType(node, "a string");
            return false;
        }

        if (rule(node.Text) is { } refusal)
        {
            reading.Refuse(node, refusal.Problem, refusal.Remedy);
            return false;
        }

        value = node.Text;
        return true;
    }

    public override string Show(string? value) => value is null ? "-" : ConfigNode.Quote(value)[1..^1];

    public override void Write(Utf8JsonWriter writer, string? value) => writer.WriteStringValue(value);
}
