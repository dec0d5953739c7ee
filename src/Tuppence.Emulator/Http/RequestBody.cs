using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tuppence.Messages.Errors;

namespace Tuppence.Emulator.Http;

/// <summary>Reads a request's body whole, decoded, at most <see cref="Limit"/> bytes of it.</summary>
internal static class RequestBody
{
    /// <summary>32 MB. Source: https://platform.claude.com/docs/en/api/errors, "Request size limits" (2026-08-22).</summary>
    public const int Limit = 32 * 1024 * 1024;

    private static readonly ApiError TooLarge = new(413, ErrorType.RequestTooLarge, "Request exceeds the maximum size");

    /// <summary>The bytes, or why there are none: 413 past the limit, 415 for an encoding the emulator cannot undo, 400 for one that is broken.</summary>
    public static async Task<(byte[] Bytes, ApiError? Error)> ReadAsync(HttpContext context)
    {
        // The server's own limit may be lower than the API's.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Request.ContentLength > Limit)
        {
            return ([], TooLarge);
        }

        var encoding = context.Request.Headers.ContentEncoding.ToString();
        await using var body = Decoded(context.Request.Body, encoding);
        if (body is null)
        {
            return ([], new(415, ErrorType.InvalidRequest, $"content-encoding \"{encoding}\" is not supported. Use gzip, deflate or br, or send the body as it is."));
        }

        try
        {
            return await ReadAllAsync(body, context);
        }
        catch (InvalidDataException)
        {
            return ([], ApiError.Invalid($"The request body is not valid {encoding}."));
        }
    }

    private static async Task<(byte[] Bytes, ApiError? Error)> ReadAllAsync(Stream body, HttpContext context)
    {
        using var buffer = new MemoryStream((int)(context.Request.ContentLength ?? 4096));
        var chunk = new byte[64 * 1024];
        int read;
        while ((read = await body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            if (buffer.Length + read > Limit)
            {
                return ([], TooLarge);
            }

            buffer.Write(chunk, 0, read);
        }

        return (buffer.ToArray(), null);
    }

    private static Stream? Decoded(Stream body, string encoding) => encoding.ToLowerInvariant() switch
    {
        "" or "identity" => body,
        "gzip" => new GZipStream(body, CompressionMode.Decompress),
        "deflate" => new ZLibStream(body, CompressionMode.Decompress),
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        _ => null,
    };
}
