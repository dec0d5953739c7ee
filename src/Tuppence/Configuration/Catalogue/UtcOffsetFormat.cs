using System.Globalization;
using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>How far a clock is from UTC, written as <c>+02:00</c> (RFC 3339 section 4.2).</summary>
internal sealed class UtcOffsetFormat : ValueFormat<TimeSpan>
{
    private static readonly TimeSpan Most = TimeSpan.FromHours(14);

    public override string Accepted => "an offset from -14:00 to +14:00, such as +02:00";

    public override bool TryRead(ConfigNode node, Reading reading, out TimeSpan value)
    {
        value = TimeSpan.Zero;
        if (!node.IsText)
        {
            reading.RefuseType(node, "a string");
            return false;
        }

        var text = node.Text;
        if (text is "Z" or "z")
        {
            return true;
        }

        if (text.Length != 6 || text[0] is not ('+' or '-') || !TimeSpan.TryParseExact(text.AsSpan(1), @"hh\:mm", CultureInfo.InvariantCulture, out value) || value > Most)
        {
            value = TimeSpan.Zero;
            reading.Refuse(node, $"{ConfigNode.Quote(text)} is no offset from UTC.", "Write sign, two digits of hours, a colon and two of minutes: +02:00.");
            return false;
        }

        value = text[0] == '-' ? -value : value;
        return true;
    }

    public override string Show(TimeSpan value) => (value < TimeSpan.Zero ? "-" : "+") + value.ToString(@"hh\:mm", CultureInfo.InvariantCulture);

    public override void Write(Utf8JsonWriter writer, TimeSpan value) => writer.WriteStringValue(Show(value));
}
