using System.Text.Json;

namespace Tuppence.Configuration.Layers;

/// <summary>Reads JSON with comments and trailing commas into nodes that know their line and column.</summary>
internal sealed class JsonConfigReader(byte[] text, ConfigOrigin source)
{
    private readonly TextPosition positions = new(text);

    /// <summary>The root value, or null where the text is not JSON; then <paramref name="errors"/> has gained an error.</summary>
    public ConfigNode? Read(ICollection<ConfigError> errors)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        try
        {
            reader.Read();
            var root = Value(ref reader);
            reader.Read();
            return root;
        }
        catch (JsonException broken)
        {
            var offset = positions.StartOf((int)(broken.LineNumber ?? 0)) + (int)(broken.BytePositionInLine ?? 0);
            errors.Add(new ConfigError(
                At(offset),
                "",
                $"This is not valid JSON: {Plain(broken.Message)}",
                "JSON, with // comments and trailing commas, or plain key=value lines",
                "Correct the text at this place or just before it; a missing comma, quote or brace is the usual cause."));
            return null;
        }
        catch (InvalidOperationException)
        {
            errors.Add(new ConfigError(
                At((int)reader.TokenStartIndex),
                "",
                "This string holds a character that does not exist.",
                "valid Unicode text",
                "Remove the unpaired \\u escape."));
            return null;
        }
    }

    private ConfigNode Value(ref Utf8JsonReader reader)
    {
        var origin = At((int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new List<ConfigMember>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    var named = At((int)reader.TokenStartIndex);
                    reader.Read();
                    members.Add(new ConfigMember(name, named, Value(ref reader)));
                }

                return new ConfigNode { Kind = NodeKind.Object, Origin = origin, Members = members };
            case JsonTokenType.StartArray:
                var items = new List<ConfigNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Value(ref reader));
                }

                return new ConfigNode { Kind = NodeKind.Array, Origin = origin, Items = items };
            case JsonTokenType.String:
                return new ConfigNode { Kind = NodeKind.String, Origin = origin, Text = reader.GetString()! };
            case JsonTokenType.Number:
                return new ConfigNode { Kind = NodeKind.Number, Origin = origin, Text = System.Text.Encoding.ASCII.GetString(reader.ValueSpan) };
            case JsonTokenType.Null:
                return new ConfigNode { Kind = NodeKind.Null, Origin = origin };
            default:
                return new ConfigNode { Kind = NodeKind.Boolean, Origin = origin, Text = reader.TokenType == JsonTokenType.True ? "true" : "false" };
        }
    }

    // A value inside an environment variable or a flag has no line of its own.
    private ConfigOrigin At(int offset)
    {
        if (source.Kind != OriginKind.File)
        {
            return source;
        }

        var (line, column) = positions.At(offset);
        return source with { Line = line, Column = column };
    }

    // The reader's message ends with its own count of lines, which starts at 0.
    private static string Plain(string message)
    {
        if (message.StartsWith("Expected depth to be zero", StringComparison.Ordinal))
        {
            return "the text ends before its last brace or bracket is closed.";
        }

        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
