using System.Text.Json;
using Tuppence.Texts;

namespace Tuppence.Dashboard.Json;

/// <summary>What two requests differ in: <c>DiffLine[]</c> of the contract, with two lines around each change.</summary>
internal static class DiffJson
{
    /// <summary>Writes the array.</summary>
    public static void Write(Utf8JsonWriter json, string[] before, string[] after)
    {
        json.WriteStartArray();
        foreach (var line in LineDiff.Of(before, after))
        {
            json.WriteStartObject();
            json.WriteString("kind"u8, line[0] switch { '-' => "removed", '+' => "added", _ => "same" });
            json.WriteString("text"u8, line.AsSpan(Math.Min(2, line.Length)));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
