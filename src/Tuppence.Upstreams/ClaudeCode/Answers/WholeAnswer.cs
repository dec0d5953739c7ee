using Tuppence.Messages.Errors;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>One message as JSON, put together from the events.</summary>
internal sealed class WholeAnswer(IAnswerSink sink) : AnswerWriter(sink)
{
    private readonly MessageAssembly message = new();

    /// <inheritdoc/>
    public override void Event(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json) => message.Take(name, json);

    /// <inheritdoc/>
    public override ValueTask FlushAsync(CancellationToken cancellation) => default;

    /// <inheritdoc/>
    public override async ValueTask EndAsync(CancellationToken cancellation)
    {
        if (message.TryWrite(out var json))
        {
            await Sink.BeginAsync(200, "application/json", []);
            await Sink.Body.WriteAsync(json, cancellation);
        }
        else
        {
            await RefuseAsync(Sink, new ProgramError(502, ErrorType.Api, "The events of Claude Code do not make a message. Send the request again."), cancellation);
        }
    }

    /// <inheritdoc/>
    public override ValueTask FailAsync(ProgramError error, CancellationToken cancellation) => RefuseAsync(Sink, error, cancellation);
}
