using System.IO.Pipelines;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Upstreams.ClaudeCode;

/// <summary>Where one answer goes.</summary>
public interface IAnswerSink
{
    /// <summary>Sets the answer's head; called once, before anything is written to <see cref="Body"/>.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="contentType"><c>text/event-stream</c> or <c>application/json</c>.</param>
    /// <param name="headers">Further header lines, such as <c>retry-after</c>.</param>
    ValueTask BeginAsync(int status, string contentType, IReadOnlyList<HeaderLine> headers);

    /// <summary>The answer's body. It ends when <see cref="ClaudeCodeMessages.AnswerAsync"/> comes back.</summary>
    PipeWriter Body { get; }
}
