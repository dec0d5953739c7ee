namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>Puts the program's events into the answer that the client asked for.</summary>
internal abstract class AnswerWriter(IAnswerSink sink)
{
    /// <summary>Where the answer goes.</summary>
    protected IAnswerSink Sink { get; } = sink;

    /// <summary>Takes an event.</summary>
    /// <param name="name">Its type.</param>
    /// <param name="json">The event, as the program wrote it.</param>
    public abstract void Event(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json);

    /// <summary>Shows the client that the answer still goes on.</summary>
    public virtual void Ping()
    {
    }

    /// <summary>Sends what was taken.</summary>
    public abstract ValueTask FlushAsync(CancellationToken cancellation);

    /// <summary>Ends the answer in order.</summary>
    public abstract ValueTask EndAsync(CancellationToken cancellation);

    /// <summary>Ends the answer with an error: with its status where nothing was sent, else as the last event.</summary>
    public abstract ValueTask FailAsync(ProgramError error, CancellationToken cancellation);

    /// <summary>Answers with an error's status.</summary>
    public static async ValueTask RefuseAsync(IAnswerSink sink, ProgramError error, CancellationToken cancellation)
    {
        await sink.BeginAsync(error.Status, "application/json", error.Headers);
        await sink.Body.WriteAsync(Messages.Errors.ErrorBody.Write(error.Type, error.Message), cancellation);
    }
}
