using System.Text;
using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>Limits by name: an object of objects, each with at least one of the four limits.</summary>
/// <param name="owners">What the names are of, in the plural.</param>
/// <param name="most">Largest limit in dollars.</param>
internal sealed class SpendingFormat(string owners, int most) : ValueFormat<IReadOnlyDictionary<string, SpendingLimits>>
{
    private const int LongestName = 200;

    private static readonly (string Name, Func<SpendingLimits, long?> Get, Func<SpendingLimits, long, SpendingLimits> Set)[] Limits =
    [
        ("soft_dollars_per_day", static limits => limits.SoftPerDay, static (limits, value) => limits with { SoftPerDay = value }),
        ("hard_dollars_per_day", static limits => limits.HardPerDay, static (limits, value) => limits with { HardPerDay = value }),
        ("soft_dollars_per_month", static limits => limits.SoftPerMonth, static (limits, value) => limits with { SoftPerMonth = value }),
        ("hard_dollars_per_month", static limits => limits.HardPerMonth, static (limits, value) => limits with { HardPerMonth = value }),
    ];

    private static string Names => string.Join(", ", Limits.Select(static limit => limit.Name));

    public override string Accepted => $"an object of {owners}, or * for each that is not named, each with an object of {Names} (US dollars from 0 to {most})";

    public override bool TryRead(ConfigNode node, Reading reading, out IReadOnlyDictionary<string, SpendingLimits> value)
    {
        var read = new Dictionary<string, SpendingLimits>(StringComparer.Ordinal);
        value = read;
        var before = reading.Errors.Count;
        if (Members(node, reading) is not { } members)
        {
            return false;
        }

        foreach (var member in members)
        {
            var place = "." + member.Name;
            if (member.Name.Length is 0 or > LongestName)
            {
                reading.Refuse(member.Value, "This is not a name.", $"Write one of the {owners}, or *.", place);
            }
            else if (Limit(member, reading) is { } limits && !read.TryAdd(member.Name, limits))
            {
                reading.Refuse(member.Value, "This name is given twice.", "Keep one of the two.", place);
            }
        }

        return reading.Errors.Count == before;
    }

    public override string Show(IReadOnlyDictionary<string, SpendingLimits> value) => value.Count == 0 ? "-" : string.Join("; ", value.Select(static pair =>
        $"{pair.Key}: {string.Join(", ", Limits.Where(limit => limit.Get(pair.Value) is not null).Select(limit => $"{limit.Name} ${DollarFormat.Plain(limit.Get(pair.Value)!.Value)}"))}"));

    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, SpendingLimits> value)
    {
        writer.WriteStartObject();
        foreach (var (name, limits) in value)
        {
            writer.WriteStartObject(name);
            foreach (var (limit, get, _) in Limits)
            {
                if (get(limits) is { } amount)
                {
                    writer.WritePropertyName(limit);
                    writer.WriteRawValue(DollarFormat.Plain(amount));
                }
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    public override bool Same(IReadOnlyDictionary<string, SpendingLimits> left, IReadOnlyDictionary<string, SpendingLimits> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var other) && other == pair.Value);

    private SpendingLimits? Limit(ConfigMember member, Reading reading)
    {
        var before = reading.Errors.Count;
        var place = "." + member.Name;
        if (member.Value.Kind != NodeKind.Object)
        {
            reading.RefuseType(member.Value, "an object", $"Write it as {{ \"hard_dollars_per_day\": 5 }}.", member: place);
            return null;
        }

        var limits = new SpendingLimits();
        foreach (var (name, _, node) in member.Value.Members)
        {
            var at = Array.FindIndex(Limits, limit => limit.Name == name);
            if (at < 0)
            {
                var near = Nearest.To(name, [.. Limits.Select(static limit => limit.Name)]);
                reading.Refuse(node, "There is no such limit.", near is null ? $"There are {Names}." : $"Did you mean {near}?", $"{place}.{name}");
            }
            else if (Limits[at].Get(limits) is not null)
            {
                reading.Refuse(node, "This name is given twice.", "Keep one of the two.", $"{place}.{name}");
            }
            else if (DollarFormat.TryDollars(node, reading, most, $"{place}.{name}") is { } amount)
            {
                limits = Limits[at].Set(limits, amount);
            }
        }

        if (limits == new SpendingLimits() && reading.Errors.Count == before)
        {
            reading.Refuse(member.Value, "No limit is given.", "Add \"hard_dollars_per_day\": 5 with the amount that is meant, or remove the name.", place);
        }

        return reading.Errors.Count == before ? limits : null;
    }

    private static IReadOnlyList<ConfigMember>? Members(ConfigNode node, Reading reading)
    {
        if (node.Kind == NodeKind.Text && node.Text.StartsWith('{'))
        {
            return new JsonConfigReader(Encoding.UTF8.GetBytes(node.Text), node.Origin).Read(reading.Errors) is { } parsed ? Members(parsed, reading) : null;
        }

        if (node.Kind == NodeKind.Object)
        {
            return node.Members;
        }

        reading.RefuseType(node, "an object", "Write it as { \"*\": { \"hard_dollars_per_day\": 5 } }.");
        return null;
    }
}
