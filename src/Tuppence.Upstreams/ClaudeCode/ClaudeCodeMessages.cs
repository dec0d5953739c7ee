namespace Tuppence.Upstreams.ClaudeCode;

/// <summary>Answers requests of the Messages API by the user's Claude Code program, one process an answer.</summary>
/// <param name="source">Where processes come from.</param>
/// <param name="time">Clock of pings, limits and waits.</param>
/// <param name="log">Takes lines for the log, which hold nothing of a prompt or an answer; null: none are wanted.</param>
public sealed class ClaudeCodeMessages(IProcessSource source, TimeProvider time, Action<string>? log = null) : IAsyncDisposable
{
    /// <summary>What the program last said of the account's limits, or null.</summary>
    public ClaudeCodeLimits? Limits { get; private set; }

    /// <summary>Answers one <c>POST /v1/messages</c>: whatever happens becomes an answer in the Messages API's form.</summary>
    /// <param name="body">The request's body. It must not change before this has come back.</param>
    /// <param name="betas">Values of <c>anthropic-beta</c>. The program sends its own; these are not passed on.</param>
    /// <param name="sink">Where the answer goes.</param>
    /// <param name="cancellation">The client's leaving, which ends the process at once.</param>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public ValueTask AnswerAsync(ReadOnlyMemory<byte> body, IReadOnlyList<string> betas, IAnswerSink sink, CancellationToken cancellation)
    {
        _ = (source, time, log, body, betas, sink, cancellation);
        throw new NotSupportedException();
    }

    /// <summary>Waits for the processes whose answers are over.</summary>
    public ValueTask DisposeAsync() => default;
}
