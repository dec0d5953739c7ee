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
        if (TryDollars(node, reading, most) is not { } dollars)
        {
            return false;
        }

        value = dollars;
        return true;
    }

    public override string Show(long value) => $"${Plain(value)}";

    public override void Write(Utf8JsonWriter writer, long value) => writer.WriteRawValue(Plain(value));

    /// <summary>Reads dollars from 0 to <paramref name="most"/>; null, and an error in <paramref name="reading"/>, where there are none.</summary>
    internal static long? TryDollars(ConfigNode node, Reading reading, int most, string member = "")
    {
        if (node.Kind is not (NodeKind.Number or NodeKind.Text) || !decimal.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var dollars))
        {
            reading.RefuseType(node, "a number of dollars", node.IsText ? "Write the number alone: for example 2, or 0.5 for fifty cents." : null, member: member);
            return null;
        }

        if (dollars < 0 || dollars > most)
        {
            reading.Refuse(node, $"{node.Text} is out of range.", member: member);
            return null;
        }

        return (long)(dollars * Nano);
    }

    /// <summary>The number alone.</summary>
    internal static string Plain(long value) => (value / Nano).ToString("0.#########", CultureInfo.InvariantCulture);
}
