using System.Globalization;
using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>An amount of money, written as a number of dollars, kept as nano-dollars (10^-9 USD); the key's name ends in <c>_dollars</c> or says dollars.</summary>
internal sealed class DollarFormat(int most) : ValueFormat<long>
{
    private const decimal Nano = 1_000_000_000m;

    public override string Accepted => $"a number of US dollars from 0 to {most}";

    public override bool TryRead(ConfigNode node, Reading reading, out long value)
    {
        value = 0;
        if (node.Kind is not (NodeKind.Number or NodeKind.Text) || !decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var dollars))
        {
            reading.RefuseType(node, "a number of dollars", node.IsText ? "Write the number alone: for example 2, or 0.5 for fifty cents." : null);
            return false;
        }

        if (dollars < 0 || dollars > most)
        {
            reading.Refuse(node, $"{node.Text} is out of range.");
            return false;
        }

        value = (long)(dollars * Nano);
        return true;
    }

    public override string Show(long value) => $"${Plain(value)}";

    public override void Write(Utf8JsonWriter writer, long value) => writer.WriteRawValue(Plain(value));

    private static string Plain(long value) => (value / Nano).ToString("0.#########", CultureInfo.InvariantCulture);
}
