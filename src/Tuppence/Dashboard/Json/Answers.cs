using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tuppence.Exchange;

namespace Tuppence.Dashboard.Json;

/// <summary>Writes what the dashboard is told. Nothing of it may be kept by a cache, run, framed, or read by a page of another origin.</summary>
internal static class Answers
{
    /// <summary>How its JSON is written: text as it is, since it never stands inside HTML.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Answers 200 with an object whose members <paramref name="members"/> writes.</summary>
    public static Task ObjectAsync(HttpContext context, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        Protect(context.Response, "application/json");
        context.Response.ContentLength = buffer.WrittenCount;
        return context.Response.BodyWriter.WriteAsync(buffer.WrittenMemory).AsTask();
    }

    /// <summary>Answers 204.</summary>
    public static Task NothingAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    /// <summary>Answers with an error in the Messages API's form.</summary>
    public static Task ErrorAsync(HttpContext context, ErrorKind kind, string message)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return ErrorResponse.WriteAsync(context, new GatewayError(kind, message));
    }

    /// <summary>Sets the header lines of every answer.</summary>
    public static void Protect(HttpResponse response, string type)
    {
        response.ContentType = type;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
