using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>True or false. Bare text may also say yes/no, on/off, 1/0.</summary>
internal sealed class BooleanFormat : ValueFormat<bool>
{
    public override string Accepted => "true or false";

    public override bool TryRead(ConfigNode node, Reading reading, out bool value)
    {
        value = false;
        if (node.Kind == NodeKind.String)
        {
            reading.RefuseType(node, "true or false", bool.TryParse(node.Text, out _) ? $"Remove the quotes: {node.Text.ToLowerInvariant()}" : null);
            return false;
        }

        switch (node.Kind is NodeKind.Boolean or NodeKind.Text ? node.Text.ToLowerInvariant() : "")
        {
            case "true" or "yes" or "on" or "1":
                value = true;
                return true;
            case "false" or "no" or "off" or "0":
                return true;
            default:
                reading.RefuseType(node, "true or false");
                return false;
        }
    }

    public override string Show(bool value) => value ? "true" : "false";

    public override void Write(Utf8JsonWriter writer, bool value) => writer.WriteBooleanValue(value);
}
