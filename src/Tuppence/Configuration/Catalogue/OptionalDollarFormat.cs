using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>An amount of money, or none, which is something else than nothing.</summary>
internal sealed class OptionalDollarFormat(int most) : ValueFormat<long?>
{
    public override string Accepted => $"a number of US dollars from 0 to {most}";

    public override bool TryRead(ConfigNode node, Reading reading, out long? value) => (value = DollarFormat.TryDollars(node, reading, most)) is not null;

    public override string Show(long? value) => value is { } given ? "$" + DollarFormat.Plain(given) : "-";

    public override void Write(Utf8JsonWriter writer, long? value)
    {
        if (value is { } given)
        {
            writer.WriteRawValue(DollarFormat.Plain(given));
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
