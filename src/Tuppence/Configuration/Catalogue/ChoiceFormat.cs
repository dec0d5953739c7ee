using System.Text.Json;
using Tuppence.Configuration.Layers;

namespace Tuppence.Configuration.Catalogue;

/// <summary>One of a few words, in any case. Other words that mean the same may be declared.</summary>
internal sealed class ChoiceFormat<T>(params (string Name, T Value)[] choices) : ValueFormat<T>
{
    /// <summary>Words that are accepted without being advertised; <c>true</c> and <c>false</c> also stand for the JSON literals.</summary>
    public (string Name, T Value)[] Synonyms { get; init; } = [];

    /// <summary>Said after the list of choices.</summary>
    public string AlsoAccepted { get; init; } = "";

    public override string Accepted => string.Join(", ", choices[..^1].Select(c => c.Name)) + " or " + choices[^1].Name + AlsoAccepted;

    public override IReadOnlyList<string> Choices => [.. choices.Select(static choice => choice.Name)];

    public override bool TryRead(ConfigNode node, Reading reading, out T value)
    {
        value = default!;
        if (node.IsText || node.Kind == NodeKind.Boolean)
        {
            foreach (var (name, meant) in (ReadOnlySpan<(string, T)>)[.. choices, .. Synonyms])
            {
                if (name.Equals(node.Text, StringComparison.OrdinalIgnoreCase))
                {
                    value = meant;
                    return true;
                }
            }
        }

        if (!node.IsText)
        {
            reading.RefuseType(node, "a word");
            return false;
        }

        var near = Nearest.To(node.Text, choices.Select(c => c.Name));
        reading.Refuse(node, $"{ConfigNode.Quote(node.Text)} is none of the choices.", near is null ? null : $"Did you mean \"{near}\"?");
        return false;
    }

    public override string Show(T value) =>
        Array.Find(choices, choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Name ?? "-";

    public override void Write(Utf8JsonWriter writer, T value)
    {
        if (Show(value) is var name && name == "-")
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStringValue(name);
    }
}
