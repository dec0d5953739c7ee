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
    public async ValueTask BeginAsync(int status, string contentType, IReadOnlyList<HeaderLine> headers)
    {
        response.StatusCode = status;
        response.ContentType = contentType;
        foreach (var (name, value) in headers)
        {
            response.Headers.Append(name, value);
        }

        // Before that, a body larger than the writer's first block cannot be written to it piece by piece.
        await response.StartAsync();
    }
}
