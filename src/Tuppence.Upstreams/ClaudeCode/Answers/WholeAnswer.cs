using Tuppence.Messages.Errors;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>One message as JSON, put together from the events.</summary>
internal sealed class WholeAnswer(IAnswerSink sink) : AnswerWriter(sink)
{
    private readonly MessageAssembly message = new();
    private bool hasBegun;

    /// <inheritdoc/>
    public override void Event(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        hasBegun = true;
        message.Take(name, json);
    }

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
    /// <remarks>What broke off may be counted by the provider, so it must not look like a request that was turned away and can be sent again by itself.</remarks>
    public override ValueTask FailAsync(ProgramError error, CancellationToken cancellation) =>
        RefuseAsync(Sink, !hasBegun ? error : (error.Status is 429 or 503 ? new ProgramError(502, ErrorType.Api, error.Message) : error) with { IsFinal = true }, cancellation);
}
