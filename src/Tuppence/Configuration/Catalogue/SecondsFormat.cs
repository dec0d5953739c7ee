using System.Globalization;
using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>A length of time, written as a number of seconds; the key's name ends in <c>_seconds</c>.</summary>
internal sealed class SecondsFormat(double least, double most) : ValueFormat<TimeSpan>
{
    public override string Accepted => $"a number of seconds from {Plain(least)} to {Plain(most)}";

    public override bool TryRead(ConfigNode node, Reading reading, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (node.Kind is not (NodeKind.Number or NodeKind.Text) ||
            !double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            reading.RefuseType(node, "a number of seconds", node.IsText ? "Write the number alone, in seconds: for example 30, or 0.5 for half a second." : null);
            return false;
        }

        if (!(seconds >= least && seconds <= most))
        {
            reading.Refuse(node, $"{node.Text} is out of range.");
            return false;
        }

        value = TimeSpan.FromSeconds(seconds);
        return true;
    }

    public override string Show(TimeSpan value) => $"{Plain(value.TotalSeconds)} s";

    public override void Write(Utf8JsonWriter writer, TimeSpan value) => writer.WriteRawValue(Plain(value.TotalSeconds));

    private static string Plain(double number) => number.ToString("0.######", CultureInfo.InvariantCulture);
}
