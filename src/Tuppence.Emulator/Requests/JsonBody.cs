using System.Text.Json;
using System.Text.Unicode;

namespace Tuppence.Emulator.Requests;

/// <summary>Parses a body as strictly as the API does.</summary>
internal static class JsonBody
{
    /// <summary>Deepest nesting.</summary>
    public const int MaxDepth = 512;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth };

    /// <summary>The document, or a 400 with the place of the fault. Lone surrogates are a fault, as they are at the API.</summary>
    public static (JsonDocument? Document, ApiError? Error) Parse(byte[] body)
    {
        if (!Utf8.IsValid(body))
        {
            return (null, NotJson("invalid UTF-8"));
        }

        try
        {
            var document = JsonDocument.Parse(body, Options);
            return LoneSurrogate(body) is { } at ? (null, NotJson($"no low surrogate in string: char {at}")) : (document, null);
        }
        catch (JsonException fault)
        {
            return (null, NotJson(body.Length == 0
                ? "the body is empty"
                : $"line {fault.LineNumber + 1} column {fault.BytePositionInLine + 1}"));
        }
    }

    private static ApiError NotJson(string why) => ApiError.Invalid($"The request body is not valid JSON: {why}");

    private static long? LoneSurrogate(byte[] body)
    {
        if (body.AsSpan().IndexOf("\\ud"u8) < 0 && body.AsSpan().IndexOf("\\uD"u8) < 0)
        {
            return null;
        }

        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                return reader.TokenStartIndex;
            }
        }

        return null;
    }
}
