using Tuppence.Messages.Errors;
using Tuppence.Upstreams.ClaudeCode.Answers;
using Tuppence.Upstreams.ClaudeCode.Requests;

namespace Tuppence.Upstreams.ClaudeCode;

/// <summary>Answers requests of the Messages API by the user's Claude Code program, one process an answer.</summary>
/// <param name="source">Where processes come from.</param>
/// <param name="time">Clock of pings, limits and waits.</param>
/// <param name="log">Takes lines for the log, which hold nothing of a prompt or an answer; null: none are wanted.</param>
public sealed class ClaudeCodeMessages(IProcessSource source, TimeProvider time, Action<string>? log = null) : IAsyncDisposable
{
    private readonly HashSet<Task> leaving = [];
    private volatile ClaudeCodeLimits? limits;

    /// <summary>What the program last said of the account's limits, or null.</summary>
    public ClaudeCodeLimits? Limits => limits;

    /// <summary>How long, and how much, the program may be silent or talk beside the point.</summary>
    internal ConversationLimits Patience { get; init; } = new();

    /// <summary>Answers one <c>POST /v1/messages</c>: whatever happens becomes an answer in the Messages API's form.</summary>
    /// <param name="body">The request's body. It must not change before this has come back.</param>
    /// <param name="betas">Values of <c>anthropic-beta</c>. The program sends its own; these are not passed on, which <see cref="ClaudeCodeAdapter"/> has said.</param>
    /// <param name="sink">Where the answer goes.</param>
    /// <param name="cancellation">The client's leaving, which ends the process at once.</param>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public async ValueTask AnswerAsync(ReadOnlyMemory<byte> body, IReadOnlyList<string> betas, IAnswerSink sink, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(betas);
        ArgumentNullException.ThrowIfNull(sink);
        if (!ClaudeRequest.TryRead(body, out var request, out var fault))
        {
            await AnswerWriter.RefuseAsync(sink, new ProgramError(400, ErrorType.InvalidRequest, fault), cancellation);
            return;
        }

        var lease = await source.RentAsync(cancellation);
        if (lease.Process is not { } process)
        {
            await AnswerWriter.RefuseAsync(sink, ErrorOf(lease), cancellation);
            return;
        }

        AnswerWriter answer = request.Streams ? new StreamedAnswer(sink) : new WholeAnswer(sink);
        var conversation = new Conversation(process, request, answer, time, Patience);
        var ending = Ending.Failed;
        try
        {
            await conversation.RunAsync(cancellation);
            ending = conversation.State.Ending;
        }
        finally
        {
            Leave(FinishAsync(process, conversation, ending));
        }
    }

    /// <summary>Waits for the processes whose answers are over.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] last;
        lock (leaving)
        {
            last = [.. leaving];
        }

        await Task.WhenAll(last);
    }

    private static ProgramError ErrorOf(in ProcessLease lease) => lease.Problem switch
    {
        ProcessProblem.Busy => new ProgramError(529, ErrorType.Overloaded, Or(lease.Words, "As many requests as may wait for Claude Code are waiting. Send the request again in a moment.")) { RetryAfter = 1 },
        ProcessProblem.NotSignedIn => new ProgramError(401, ErrorType.Authentication, Or(lease.Words, "Nobody is signed in to Claude Code. Run `claude auth login` in a terminal, then send the request again.")) { IsFinal = true },
        ProcessProblem.Missing => new ProgramError(503, ErrorType.Api, Or(lease.Words, "Claude Code was not found. Install it, or set claude_code.program.")) { IsFinal = true },
        ProcessProblem.TooOld => new ProgramError(503, ErrorType.Api, Or(lease.Words, "This version of Claude Code is too old. Run `claude update` in a terminal.")) { IsFinal = true },
        _ => new ProgramError(503, ErrorType.Api, Or(lease.Words, "Claude Code does not behave as expected, and is switched off.")) { IsFinal = true },
    };

    private static string Or(string words, string otherwise) => words.Length > 0 ? words : otherwise;

    /// <summary>Sees the process off. The client has its answer already.</summary>
    private async Task FinishAsync(IClaudeProcess process, Conversation conversation, Ending ending)
    {
        try
        {
            using (conversation)
            {
                if (ending == Ending.Complete)
                {
                    await conversation.LingerAsync();
                    await process.CloseAsync();
                }

                await conversation.KilledAsync();

                limits = conversation.State.Limits ?? limits;
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            log?.Invoke($"Claude Code did not end in order: {e.Message}");
        }
        finally
        {
            await process.DisposeAsync();
        }
    }

    private void Leave(Task task)
    {
        lock (leaving)
        {
            leaving.Add(task);
        }

        _ = task.ContinueWith(
            done =>
            {
                lock (leaving)
                {
                    leaving.Remove(done);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
