using System.Buffers;
using System.Text;
using System.Text.Json;
using Tuppence.Emulator.Requests;

namespace Tuppence.Emulator.Replies;

/// <summary>Makes up an input that fits a tool's JSON schema: defaults, first enum values and examples before invented ones.</summary>
internal static class SampleInput
{
    private const int Deepest = 8;

    /// <summary>A JSON object with the schema's required members (all of them, where none is required).</summary>
    /// <param name="schema">The tool's <c>input_schema</c>.</param>
    /// <param name="text">What a string without better advice says.</param>
    public static string For(JsonElement schema, string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, MessageJson.Options))
        {
            Value(json, schema, text, depth: 0);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Value(Utf8JsonWriter json, JsonElement schema, string text, int depth)
    {
        var given = schema.Member("default"u8) ?? schema.Member("const"u8) ?? First(schema, "enum"u8) ?? First(schema, "examples"u8);
        if (given is { } value && depth > 0)
        {
            value.WriteTo(json);
            return;
        }

        switch (Type(schema))
        {
            case "object":
                Object(json, schema, text, depth);
                break;
            case "array":
                json.WriteStartArray();
                if (schema.Member("items"u8) is { } items && depth < Deepest && schema.Member("minItems"u8)?.Whole() > 0)
                {
                    Value(json, items, text, depth + 1);
                }

                json.WriteEndArray();
                break;
            case "integer" or "number":
                json.WriteNumberValue(schema.Member("minimum"u8)?.Whole() ?? 1);
                break;
            case "boolean":
                json.WriteBooleanValue(true);
                break;
            case "null":
                json.WriteNullValue();
                break;
            default:
                json.WriteStringValue(text);
                break;
        }
    }

    private static void Object(Utf8JsonWriter json, JsonElement schema, string text, int depth)
    {
        json.WriteStartObject();
        if (schema.Member("properties"u8) is { ValueKind: JsonValueKind.Object } properties && depth < Deepest)
        {
            var required = schema.Member("required"u8) is { ValueKind: JsonValueKind.Array } list
                ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!).ToHashSet(StringComparer.Ordinal)
                : [];
            foreach (var property in properties.EnumerateObject().Where(property => required.Count == 0 || required.Contains(property.Name)))
            {
                json.WritePropertyName(property.Name);
                Value(json, property.Value, text, depth + 1);
            }
        }

        json.WriteEndObject();
    }

    private static string? Type(JsonElement schema) => schema.Member("type"u8) switch
    {
        { ValueKind: JsonValueKind.String } type => type.GetString(),
        { ValueKind: JsonValueKind.Array } types when types.GetArrayLength() > 0 && types[0].ValueKind == JsonValueKind.String => types[0].GetString(),
        _ => schema.Member("properties"u8) is null ? null : "object",
    };

    private static JsonElement? First(JsonElement schema, ReadOnlySpan<byte> list) =>
        schema.Member(list) is { ValueKind: JsonValueKind.Array } values && values.GetArrayLength() > 0 ? values[0] : null;
}
