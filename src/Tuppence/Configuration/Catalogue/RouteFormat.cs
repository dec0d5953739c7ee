using System.Text.Json;
using Tuppence.Configuration.Layers;
using Tuppence.Configuration.Rules;
using Tuppence.Upstreams.Credentials;

namespace Tuppence.Configuration.Catalogue;

/// <summary>One rule of <c>routes</c>: an object of lists. Keys are never shown.</summary>
internal sealed class RouteFormat : ValueFormat<RouteConfig?>
{
    private static readonly string[] Names = ["models", "presets", "keys", "upstreams"];

    private static readonly ListFormat<string> Models = new(new TextFormat("a model, or a part of its name with *", NameRules.NotEmpty), "models; * stands for any run of characters");
    private static readonly ListFormat<string> Presets = new(new TextFormat("a preset, or a part of its name with *", NameRules.NotEmpty), "presets; * stands for any run of characters");
    private static readonly ListFormat<Secret> Keys = new(new SecretFormat(), "gateway keys");
    private static readonly ListFormat<string> Upstreams = new(new TextFormat("the name of an upstream", NameRules.NotEmpty), "names of upstreams");

    public override string Accepted => "an object with upstreams, and with models, presets or keys where only some requests are meant";

    public override bool TryRead(ConfigNode node, Reading reading, out RouteConfig? value)
    {
        value = null;
        if (node.Kind != NodeKind.Object)
        {
            reading.RefuseType(node, "an object", secret: true);
            return false;
        }

        var before = reading.Errors.Count;
        var route = new RouteConfig();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in node.Members)
        {
            if (!seen.Add(member.Name))
            {
                reading.Refuse(member.Value, "This name is given twice.", "Keep one of the two.", "." + member.Name);
                continue;
            }

            route = Read(route, member, reading);
        }

        if (route.Upstreams.Count == 0 && reading.Errors.Count == before)
        {
            reading.Refuse(node, "The rule names no upstream.", "Add \"upstreams\": [\"anthropic\"], with the names that are meant.");
        }

        value = route;
        return reading.Errors.Count == before;
    }

    public override bool Masks(RouteConfig? value) => value is { Keys.Count: > 0 };

    public override string Show(RouteConfig? value) => value is null
        ? "-"
        : string.Join(" ", Parts(value)) + (value.Models.Count + value.Presets.Count + value.Keys.Count == 0 ? "to " : " to ") + Upstreams.Show(value.Upstreams);

    public override void Write(Utf8JsonWriter writer, RouteConfig? value)
    {
        writer.WriteStartObject();
        Write(writer, "models", Models, value!.Models);
        Write(writer, "presets", Presets, value.Presets);
        Write(writer, "keys", Keys, value.Keys);
        Write(writer, "upstreams", Upstreams, value.Upstreams);
        writer.WriteEndObject();
    }

    private static RouteConfig Read(RouteConfig route, ConfigMember member, Reading reading)
    {
        switch (member.Name)
        {
            case "models":
                return Read(Models, member, reading) is { } models ? route with { Models = models } : route;
            case "presets":
                return Read(Presets, member, reading) is { } presets ? route with { Presets = presets } : route;
            case "keys":
                return Read(Keys, member, reading) is { } keys ? route with { Keys = keys } : route;
            case "upstreams":
                return Read(Upstreams, member, reading) is { } upstreams ? route with { Upstreams = upstreams } : route;
            default:
                var near = Nearest.To(member.Name, Names);
                reading.Refuse(member.Value, "There is no such member.", near is null ? "A rule has " + string.Join(", ", Names) + "." : $"Did you mean {near}?", "." + member.Name);
                return route;
        }
    }

    private static IReadOnlyList<T>? Read<T>(ListFormat<T> format, ConfigMember member, Reading reading)
        where T : class =>
        format.TryRead(member.Value, reading with { Key = $"{reading.Key}.{member.Name}", Accepted = format.Accepted, Default = null }, out var list) ? list : null;

    private static void Write<T>(Utf8JsonWriter writer, string name, ListFormat<T> format, IReadOnlyList<T> value)
        where T : class
    {
        if (value.Count > 0)
        {
            writer.WritePropertyName(name);
            format.Write(writer, value);
        }
    }

    private static IEnumerable<string> Parts(RouteConfig value)
    {
        if (value.Models.Count > 0)
        {
            yield return $"models {Models.Show(value.Models)}";
        }

        if (value.Presets.Count > 0)
        {
            yield return $"presets {Presets.Show(value.Presets)}";
        }

        if (value.Keys.Count > 0)
        {
            yield return $"keys {Keys.Show(value.Keys)}";
        }
    }
}
