using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tuppence.Messages.Requests;

namespace Tuppence.Texts;

/// <summary>A request as a person reads it: a member a line, and texts with their own line breaks.</summary>
internal static class RequestLines
{
    /// <summary>Its lines.</summary>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static string[] Of(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MessageBody.DefaultMaxDepth });
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            document.WriteTo(json);
        }

        return Encoding.UTF8.GetString(stream.ToArray()).Replace("\\n", "\n", StringComparison.Ordinal).ReplaceLineEndings("\n").Split('\n');
    }
}
