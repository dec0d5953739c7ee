using System.IO.Pipelines;
using Tuppence.Upstreams.ClaudeCode;
using Tuppence.Upstreams.Http1;

namespace Tuppence.ClaudeCode;

/// <summary>Where the answer of the program goes: the response of the server inside the process.</summary>
internal sealed class ResponseSink(HttpResponse response) : IAnswerSink
{
    /// <inheritdoc/>
    public PipeWriter Body => response.BodyWriter;

    /// <inheritdoc/>
    public ValueTask BeginAsync(int status, string contentType, IReadOnlyList<HeaderLine> headers)
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        foreach (var (name, value) in headers)
        {
            response.Headers.Append(name, value);
        }

        return default;
    }
}
