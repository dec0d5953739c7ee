using System.Text.Json;
using Tuppence.Dashboard.Json;
using Tuppence.Exchange;

namespace Tuppence.Dashboard;

/// <summary>One call of the dashboard.</summary>
/// <param name="Context">Request and response.</param>
/// <param name="Gateway">The configuration as it was when the call came.</param>
/// <param name="Segments">The path behind <c>/tuppence/api/</c>, part by part, decoded.</param>
internal sealed record ApiCall(HttpContext Context, Gateway Gateway, string[] Segments)
{
    /// <summary>Longest body of a call, in bytes: a preset with a request to try it on.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    /// <summary>The client left.</summary>
    public CancellationToken Cancellation => Context.RequestAborted;

    /// <summary>A parameter of the query; null where it is absent, empty or given twice.</summary>
    public string? this[string parameter] => Context.Request.Query[parameter] is [{ Length: > 0 } value] ? value : null;

    /// <summary>Reads the body: an object, to be disposed of. Null where it is none; then the call is answered.</summary>
    public async Task<JsonDocument?> ReadAsync()
    {
        if (await ReadBytesAsync() is not { } bytes)
        {
            return null;
        }

        try
        {
            var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 256 });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (JsonException)
        {
            // Told below.
        }

        await RefuseAsync("The body must be a JSON object.");
        return null;
    }

    /// <summary>Answers 400 with what is wrong.</summary>
    public Task RefuseAsync(string message) => Answers.ErrorAsync(Context, ErrorKind.BadCall, message);

    /// <summary>Answers 404.</summary>
    public Task NotFoundAsync(string message) => Answers.ErrorAsync(Context, ErrorKind.NotFound, message);

    private async Task<ReadOnlyMemory<byte>?> ReadBytesAsync()
    {
        var request = Context.Request;
        if (request.ContentLength > MostBytes)
        {
            await Answers.ErrorAsync(Context, ErrorKind.BodyTooLarge, $"The body is larger than {MostBytes / (1024 * 1024)} MB.");
            return null;
        }

        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await request.Body.ReadAsync(buffer, Cancellation)) > 0)
            {
                body.Write(buffer.AsSpan(0, read));
                if (body.Length > MostBytes)
                {
                    await Answers.ErrorAsync(Context, ErrorKind.BodyTooLarge, $"The body is larger than {MostBytes / (1024 * 1024)} MB.");
                    return null;
                }
            }
        }
        catch (BadHttpRequestException e)
        {
            await ErrorResponse.WriteAsync(Context, RequestReader.Explain(e));
            return null;
        }

        return body.ToArray();
    }
}
