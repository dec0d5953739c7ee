using System.Buffers;
using Tuppence.Messages.Errors;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>Server-sent events: each holds the program's own bytes. Nothing is allocated per event.</summary>
internal sealed class StreamedAnswer(IAnswerSink sink) : AnswerWriter(sink)
{
    private readonly ArrayBufferWriter<byte> pending = new(16 * 1024);
    private bool hasBegun;

    /// <inheritdoc/>
    public override void Event(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        var length = 7 + name.Length + 7 + json.Length + 2;
        var span = pending.GetSpan(length)[..length];
        "event: "u8.CopyTo(span);
        name.CopyTo(span[7..]);
        "\ndata: "u8.CopyTo(span[(7 + name.Length)..]);
        var data = span.Slice(14 + name.Length, json.Length);
        json.CopyTo(data);

        // Between JSON's tokens a line may end; inside a data line it must not.
        data.Replace((byte)'\r', (byte)' ');
        "\n\n"u8.CopyTo(span[(length - 2)..]);
        pending.Advance(length);
    }

    /// <inheritdoc/>
    public override void Ping()
    {
        if (hasBegun)
        {
            pending.Write("event: ping\ndata: {\"type\": \"ping\"}\n\n"u8);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask FlushAsync(CancellationToken cancellation)
    {
        if (pending.WrittenCount == 0)
        {
            return;
        }

        if (!hasBegun)
        {
            hasBegun = true;
            await Sink.BeginAsync(200, "text/event-stream; charset=utf-8", [new Http1.HeaderLine("cache-control", "no-cache")]);
        }

        Sink.Body.Write(pending.WrittenSpan);
        pending.ResetWrittenCount();
        await Sink.Body.FlushAsync(cancellation);
    }

    /// <inheritdoc/>
    public override ValueTask EndAsync(CancellationToken cancellation) => FlushAsync(cancellation);

    /// <inheritdoc/>
    public override ValueTask FailAsync(ProgramError error, CancellationToken cancellation)
    {
        if (!hasBegun && pending.WrittenCount == 0)
        {
            return RefuseAsync(Sink, error, cancellation);
        }

        pending.Write(ErrorBody.WriteEvent(error.Type, error.Message));
        return FlushAsync(cancellation);
    }
}
