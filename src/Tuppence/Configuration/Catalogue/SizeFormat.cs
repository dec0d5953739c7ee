using System.Globalization;
using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>A number of bytes, or text such as <c>"64MB"</c>; KB, MB and GB (or KiB, MiB, GiB) are powers of 1024.</summary>
internal sealed class SizeFormat(long least, long most) : ValueFormat<long>
{
    private static readonly (string Suffix, long Factor)[] Units =
        [("KIB", 1L << 10), ("MIB", 1L << 20), ("GIB", 1L << 30), ("KB", 1L << 10), ("MB", 1L << 20), ("GB", 1L << 30), ("B", 1)];

    public override string Accepted => $"a number of bytes, or text such as \"64MB\", from {Show(least)} to {Show(most)}";

    public override bool TryRead(ConfigNode node, Reading reading, out long value)
    {
        value = 0;
        if (!(node.Kind == NodeKind.Number || node.IsText) || !TryParse(node.Text, out var bytes))
        {
            reading.RefuseType(node, "a size");
            return false;
        }

        if (bytes < least || bytes > most)
        {
            reading.Refuse(node, $"{node.Text} is out of range.");
            return false;
        }

        value = (long)bytes;
        return true;
    }

    public override string Show(long value)
    {
        var unit = Array.FindLast(Units[3..6], unit => value >= unit.Factor && value % unit.Factor == 0);
        return unit.Suffix is null ? $"{value}B" : $"{value / unit.Factor}{unit.Suffix}";
    }

    public override void Write(Utf8JsonWriter writer, long value) => writer.WriteStringValue(Show(value));

    private static bool TryParse(string text, out decimal bytes)
    {
        var rest = text.AsSpan().Trim();
        var factor = 1L;
        foreach (var unit in Units)
        {
            if (rest.EndsWith(unit.Suffix, StringComparison.OrdinalIgnoreCase))
            {
                rest = rest[..^unit.Suffix.Length].TrimEnd();
                factor = unit.Factor;
                break;
            }
        }

        var read = decimal.TryParse(rest, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < long.MaxValue / factor;
        bytes = read ? number * factor : 0;
        return read && bytes == decimal.Truncate(bytes);
    }
}
