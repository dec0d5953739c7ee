
namespace Tuppence.Exchange;

/// <summary>Reads a Messages request's body whole, since it is edited and may have to be sent twice.</summary>
internal static class RequestReader
{
    private const int FirstGuess = 16 * 1024;

    // A declared length is a claim: beyond this much, room is made as bytes arrive.
    private const int MostOnTrust = 4 * 1024 * 1024;

    /// <summary>The body, or the error to answer. Throws what the server throws when the client leaves.</summary>
    public static async ValueTask<(PooledBody? Body, GatewayError? Error)> ReadAsync(HttpRequest request, long maxBytes)
    {
        var declared = request.ContentLength;
        if (declared > Math.Min(maxBytes, Array.MaxLength / 2))
        {
            return (null, TooLarge(maxBytes));
        }

        var body = new PooledBody((int)Math.Min(declared ?? FirstGuess, MostOnTrust));
        try
        {
            var reader = request.BodyReader;
            while (true)
            {
                var result = await reader.ReadAsync();
                var received = result.Buffer;
                if (body.Length + received.Length > maxBytes)
                {
                    body.Dispose();
                    return (null, TooLarge(maxBytes));
                }

                foreach (var segment in received)
                {
                    segment.Span.CopyTo(body.Reserve(segment.Length));
                    body.Advance(segment.Length);
                }

                reader.AdvanceTo(received.End);
                if (result.IsCompleted)
                {
                    return (body, null);
                }
            }
        }
        catch (Exception e) when (IsAtFault(e))
        {
            body.Dispose();
            return (null, Explain(e));
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>True where reading failed because of what the client sent. A chunk size beyond 64 bits comes out of the server as an overflow.</summary>
    public static bool IsAtFault(Exception e) => e is BadHttpRequestException or IOException { InnerException: OverflowException };

    /// <summary>What the server found wrong with a body, in our form.</summary>
    public static GatewayError Explain(Exception e) => (e as BadHttpRequestException)?.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout => new(ErrorKind.ClientTooSlow, "The request body came too slowly, so Tuppence gave up waiting for it. Send it again."),
        StatusCodes.Status413PayloadTooLarge => new(ErrorKind.BodyTooLarge, "The request body is larger than this gateway allows."),
        StatusCodes.Status400BadRequest when e.Message.StartsWith("Unexpected end of request content", StringComparison.Ordinal) => new(ErrorKind.UploadCut, "The request body ended before its end."),
        _ => new(ErrorKind.AmbiguousFraming, "The request body is not framed as HTTP/1.1 requires: " + e.Message),
    };

    /// <summary>The error for a body over the limit.</summary>
    public static GatewayError TooLarge(long maxBytes) => new(
        ErrorKind.BodyTooLarge,
        $"The request body is larger than the {maxBytes / (1024 * 1024)} MB that this gateway allows. Send less, or raise limits.max_body_bytes (messages) or limits.max_upload_bytes (other paths) in its configuration.");
}
