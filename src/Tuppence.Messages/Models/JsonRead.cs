using System.Globalization;
using System.Text.Json;

namespace Tuppence.Messages.Models;

/// <summary>Typed steps over a JSON reader. Each stands on the value and leaves the reader on its last token.</summary>
internal static class JsonRead
{
    internal delegate void MemberReader<in T>(ref Utf8JsonReader reader, string name, string path, T target);

    public static void Object<T>(ref Utf8JsonReader reader, string path, T target, MemberReader<T> member)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        Expect(ref reader, path, JsonTokenType.StartObject, "an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            member(ref reader, name, path + "." + name, target);
        }
    }

    public static void Array<T>(ref Utf8JsonReader reader, string path, T target, MemberReader<T> element)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        Expect(ref reader, path, JsonTokenType.StartArray, "an array");
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            element(ref reader, "", string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), target);
        }
    }

    public static IReadOnlyList<string> Strings(ref Utf8JsonReader reader, string path)
    {
        var list = new List<string>();
        Array(ref reader, path, list, static (ref reader, _, path, list) => list.Add(String(ref reader, path)));
        return list;
    }

    public static string String(ref Utf8JsonReader reader, string path)
    {
        Expect(ref reader, path, JsonTokenType.String, "a string");
        return reader.GetString()!;
    }

    public static string? StringOrNull(ref Utf8JsonReader reader, string path) =>
        reader.TokenType == JsonTokenType.Null ? null : String(ref reader, path);

    public static int Integer(ref Utf8JsonReader reader, string path) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var value) ? value : throw Wrong(path, "a whole number");

    public static decimal Decimal(ref Utf8JsonReader reader, string path) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var value) ? value : throw Wrong(path, "a number");

    public static bool Boolean(ref Utf8JsonReader reader, string path) =>
        reader.TokenType is JsonTokenType.True or JsonTokenType.False ? reader.GetBoolean() : throw Wrong(path, "true or false");

    public static JsonException Wrong(string path, string wanted) => new($"{path} must be {wanted}.");

    private static void Expect(ref Utf8JsonReader reader, string path, JsonTokenType type, string wanted)
    {
        if (reader.TokenType != type)
        {
            throw Wrong(path, wanted);
        }
    }
}
