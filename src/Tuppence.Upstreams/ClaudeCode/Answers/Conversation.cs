using System.Buffers;
using Tuppence.Upstreams.ClaudeCode.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>One answer by one process: tells it the request, reads what it writes, and passes the events on.</summary>
internal sealed class Conversation : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly IClaudeProcess process;
    private readonly AnswerWriter answer;
    private readonly TimeProvider time;
    private readonly ConversationLimits limits;
    private readonly ProcessInput input;
    private readonly LineSplitter splitter = new();
    private Task killing = Task.CompletedTask;
    private long heard;
    private long sent;
    private long beside;

    /// <summary>A conversation that has not begun.</summary>
    public Conversation(IClaudeProcess process, ClaudeRequest request, AnswerWriter answer, TimeProvider time, ConversationLimits limits)
    {
        (this.process, this.answer, this.time, this.limits) = (process, answer, time, limits);
        var lines = new RequestLines(request);
        input = new ProcessInput(process.Input, lines);
        State = new AnswerState(request, lines, input, answer, time.GetUtcNow);
    }

    /// <summary>What is known of the answer.</summary>
    public AnswerState State { get; }

    /// <summary>Gives the client its answer. The process lives on where the answer ended in order, else it is being killed.</summary>
    public async ValueTask RunAsync(CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        heard = sent = time.GetTimestamp();
        State.Begin();
        var writing = input.RunAsync(ended.Token);
        var output = process.Output;
        await using var timer = time.CreateTimer(static reader => ((System.IO.Pipelines.PipeReader)reader!).CancelPendingRead(), output, Tick, Tick);
        try
        {
            while (State.Ending == Ending.None)
            {
                var read = await output.ReadAsync(cancellation);
                var buffer = read.Buffer;
                Take(ref buffer);
                if (State.Ending is Ending.Cut or Ending.Failed)
                {
                    // Before anything else: what it asks for now is billed.
                    Kill();
                }

                // What was not looked at any more is read again, for the account's limits.
                output.AdvanceTo(buffer.Start, State.Ending == Ending.None ? buffer.End : buffer.Start);
                await answer.FlushAsync(cancellation);
                if (State.Ending == Ending.None && read.IsCompleted)
                {
                    State.TakeEnd(await EndAsync());
                    Kill();
                }
            }

            await (State.Error is { } error ? answer.FailAsync(error, cancellation) : answer.EndAsync(cancellation));
        }
        catch
        {
            // The client has left, most of all.
            Kill();
            throw;
        }
        finally
        {
            await ended.CancelAsync();
            input.Complete();
            await writing;
        }
    }

    /// <summary>Waits for the process where it was killed.</summary>
    public Task KilledAsync() => killing;

    /// <summary>Reads on for a short while once the answer has ended in order: the account's limits come last. A program that asks again is killed.</summary>
    public async Task LingerAsync()
    {
        using var enough = new CancellationTokenSource(limits.Linger, time);
        try
        {
            while (!State.HasResult)
            {
                var read = await process.Output.ReadAsync(enough.Token);
                var buffer = read.Buffer;
                while (splitter.TryTake(ref buffer, out var line))
                {
                    State.Take(line);
                }

                if (State.GoesOn)
                {
                    Kill();
                    return;
                }

                process.Output.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted || buffer.Length > limits.LongestLine)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It said nothing more in time.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => splitter.Dispose();

    private void Take(ref ReadOnlySequence<byte> buffer)
    {
        var before = buffer.Length;
        while (State.Ending == Ending.None && splitter.TryTake(ref buffer, out var line))
        {
            if (State.Take(line))
            {
                beside = 0;
                sent = time.GetTimestamp();
            }
            else if ((beside += line.Length) > limits.MostBeside)
            {
                State.Fail(ProgramErrors.Unreadable("it writes too much that is no part of an answer"));
            }

            heard = time.GetTimestamp();
        }

        if (buffer.Length > limits.LongestLine)
        {
            State.Fail(ProgramErrors.Unreadable("it writes a line without end"));
        }

        if (buffer.Length == before)
        {
            LookAtClock();
        }
    }

    private void Kill() => killing = process.KillAsync().AsTask();

    private void LookAtClock()
    {
        var silence = time.GetElapsedTime(heard);
        var most = !State.IsAsked ? limits.Preparing : State.HasBegun ? limits.Idle : limits.FirstEvent;
        if (silence >= most)
        {
            State.Fail(ProgramErrors.Silent(most));
        }
        else if (State.HasBegun && time.GetElapsedTime(sent) >= limits.Ping)
        {
            answer.Ping();
            sent = time.GetTimestamp();
        }
    }

    private async ValueTask<ProcessEnd> EndAsync()
    {
        try
        {
            return await process.Ended.WaitAsync(limits.End, time);
        }
        catch (TimeoutException)
        {
            return new ProcessEnd(-1, "it closed its output and did not end");
        }
    }
}
