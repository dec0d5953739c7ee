using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tuppence.Messages.Errors;

/// <summary>Writes the Messages API's error envelope. Source: https://platform.claude.com/docs/en/api/errors (2026-08-22).</summary>
public static class ErrorBody
{
    // The text goes into JSON and SSE only, never into HTML, so people's letters may stay as they are.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><c>{"type":"error","error":{"type":…,"message":…},"request_id":…}</c> as UTF-8; <c>request_id</c> only where one is given.</summary>
    public static byte[] Write(ErrorType type, string message, string? requestId = null)
    {
        var buffer = new ArrayBufferWriter<byte>(128 + message.Length);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "error"u8);
            json.WriteStartObject("error"u8);
            json.WriteString("type"u8, type.WireName());
            json.WriteString("message"u8, message);
            json.WriteEndObject();
            if (requestId is not null)
            {
                json.WriteString("request_id"u8, requestId);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The same envelope as one SSE event, <c>event: error</c>, with its closing blank line.</summary>
    public static byte[] WriteEvent(ErrorType type, string message, string? requestId = null) =>
        [.. "event: error\ndata: "u8, .. Write(type, message, requestId), .. "\n\n"u8];
}
