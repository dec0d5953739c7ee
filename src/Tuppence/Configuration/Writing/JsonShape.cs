using System.Text.Json;

namespace Tuppence.Configuration.Writing;

/// <summary>Where a value stands in a JSON text with comments, and where the members of an object do.</summary>
/// <param name="Start">First byte.</param>
/// <param name="End">Behind the last byte.</param>
/// <param name="Members">Members of an object in their order; null for everything else.</param>
internal sealed record JsonShape(int Start, int End, IReadOnlyList<JsonShape.Member>? Members)
{
    /// <summary>Reads the root value.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static JsonShape Read(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        reader.Read();
        var root = Value(ref reader);
        reader.Read();
        return root;
    }

    private static JsonShape Value(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return new JsonShape(start, (int)reader.BytesConsumed, null);
        }

        var members = new List<Member>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var (name, at) = (reader.GetString()!, (int)reader.TokenStartIndex);
            reader.Read();
            members.Add(new Member(name, at, Value(ref reader)));
        }

        return new JsonShape(start, (int)reader.BytesConsumed, members);
    }

    /// <summary>A member.</summary>
    /// <param name="Name">Its name, unescaped.</param>
    /// <param name="Start">First byte of the name.</param>
    /// <param name="Value">Its value.</param>
    internal sealed record Member(string Name, int Start, JsonShape Value);
}
