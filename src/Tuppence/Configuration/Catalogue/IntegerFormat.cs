using System.Globalization;
using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>A whole number in a closed range.</summary>
internal sealed class IntegerFormat(int least, int most) : ValueFormat<int>
{
    public override string Accepted => $"an integer from {least} to {most}";

    public override bool TryRead(ConfigNode node, Reading reading, out int value)
    {
        value = 0;
        if (node.Kind is not (NodeKind.Number or NodeKind.Text))
        {
            var quoted = node.Kind == NodeKind.String && int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
            reading.RefuseType(node, "an integer", quoted ? $"Remove the quotes: {node.Text}" : null);
            return false;
        }

        if (!decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number != decimal.Truncate(number))
        {
            reading.RefuseType(node, "an integer");
            return false;
        }

        if (number < least || number > most)
        {
            reading.Refuse(node, $"{node.Text} is out of range.");
            return false;
        }

        value = (int)number;
        return true;
    }

    public override string Show(int value) => value.ToString(CultureInfo.InvariantCulture);

    public override void Write(Utf8JsonWriter writer, int value) => writer.WriteNumberValue(value);
}
