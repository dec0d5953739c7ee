using System.Buffers;
using Tuppence.Messages.Errors;
using Tuppence.Upstreams.Http1;
using Tuppence.Upstreams.Providers;

namespace Tuppence.Exchange;

/// <summary>An answer of a provider that is not the Messages API, on its way into the form of one: headers, error bodies, framing of streams.</summary>
internal sealed class ProviderAnswer : IDisposable
{
    // More than any error says; what stands behind it is not waited for.
    private const int MaxErrorBytes = 64 * 1024;

    private readonly UpstreamConnection connection;
    private readonly HttpResponse response;

    /// <summary>Looks at the head of an answer.</summary>
    public ProviderAnswer(ProviderAdapter adapter, UpstreamConnection connection, HttpResponse response)
    {
        (this.connection, this.response) = (connection, response);
        if (adapter.StreamsFrames && connection.Head is { IsEncoded: false, Status: < 300 } head
            && head.Find("Content-Type")?.StartsWith("application/vnd.amazon.eventstream", StringComparison.OrdinalIgnoreCase) == true)
        {
            Decoder = new FrameDecoder();
        }
    }

    /// <summary>Makes events of the body; null where it passes as it comes.</summary>
    public IAnswerDecoder? Decoder { get; }

    /// <summary>Whether this is an error whose body can be read.</summary>
    public bool IsError => connection.Head is { Status: >= 400, IsEncoded: false };

    /// <summary>Type of the error that was answered, once one was; null where its body does not tell.</summary>
    public string? ErrorType { get; private set; }

    /// <summary>Whether AWS says by 403 what elsewhere is a 401: the credential is wrong or has expired.</summary>
    public bool IsBadCredential => ProviderErrors.IsBadCredential(connection.Head.Status, connection.Head.Find("x-amzn-errortype"));

    private string? RequestId => connection.Head.Find("request-id") ?? connection.Head.Find("x-amzn-requestid") ?? connection.Head.Find("apim-request-id");

    /// <summary>Gives the head, already copied, the names and types that clients of the Messages API know.</summary>
    public void FitHeaders()
    {
        if (RequestId is { } id && !response.Headers.ContainsKey("request-id"))
        {
            response.Headers["request-id"] = id;
        }

        if (Decoder is not null)
        {
            response.ContentType = "text/event-stream; charset=utf-8";
            response.ContentLength = null;
        }
    }

    /// <summary>Reads an error's body and answers in the Messages API's form; what is in that form already goes on byte for byte. False where it broke off.</summary>
    public async ValueTask<bool> PassErrorAsync(StreamWatch watch)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        watch.BeginBody(null);
        if (!await TryReadAsync(body, watch))
        {
            return false;
        }

        ResponseHeaders.Copy(connection.Head, response, mayGrow: true);
        FitHeaders();
        if (ProviderErrors.Read(connection.Head.Status, connection.Head.Find("x-amzn-errortype"), body.WrittenSpan) is { } error)
        {
            await WriteErrorAsync(error);
            return true;
        }

        response.ContentLength = body.WrittenCount;
        await response.BodyWriter.WriteAsync(body.WrittenMemory);
        return true;
    }

    /// <summary>Answers with an error in the Messages API's form; headers that were set stay.</summary>
    public async ValueTask WriteErrorAsync(ProviderError error)
    {
        ErrorType = error.Type.WireName();
        FitHeaders();
        var bytes = ErrorBody.Write(error.Type, error.Message, RequestId);
        response.StatusCode = error.Status;
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(response.HttpContext.Request.Method))
        {
            await response.BodyWriter.WriteAsync(bytes);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Decoder?.Dispose();

    private async ValueTask<bool> TryReadAsync(ArrayBufferWriter<byte> body, StreamWatch watch)
    {
        while (true)
        {
            BodyStep step;
            while ((step = connection.Next(out var payload)) == BodyStep.Payload)
            {
                body.Write(payload);
                if (body.WrittenCount > MaxErrorBytes)
                {
                    return true;
                }
            }

            if (step != BodyStep.NeedsMore)
            {
                return step == BodyStep.End;
            }

            await watch.ReceiveAsync();
        }
    }
}
