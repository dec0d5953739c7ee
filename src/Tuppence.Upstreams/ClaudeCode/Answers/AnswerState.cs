using System.Buffers;
using Tuppence.Messages.Errors;
using Tuppence.Messages.Requests;
using Tuppence.Upstreams.ClaudeCode.Requests;
using Tuppence.Upstreams.ClaudeCode.Tools;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>What one line after another of the program means for the answer. It decides; <see cref="Conversation"/> does.</summary>
/// <param name="request">The request.</param>
/// <param name="lines">Its lines.</param>
/// <param name="input">Takes what is to be written to the program.</param>
/// <param name="answer">Takes the events.</param>
/// <param name="now">The clock.</param>
/// <remarks>
/// The program goes on by itself after max_tokens, a refusal and tool use, and asks again, which is billed: on the line that says so it is killed, and what the
/// stream lacks is written here. After a broken stream it writes closing events of its own, which look sound: they are not passed on. The end of a block could
/// be one of them, and waits for the next event.
/// </remarks>
internal sealed class AnswerState(ClaudeRequest request, RequestLines lines, ProcessInput input, AnswerWriter answer, Func<DateTimeOffset> now)
{
    private const int MostGarbage = 100;
    private const int MostRequests = 1000;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_"u8);

    private readonly ProgramFailure failure = new();
    private readonly ArrayBufferWriter<byte> blockEnd = new(128);
    private readonly ToolBridge bridge = new(request.Body);
    private int posted;
    private int garbage;
    private int requests;
    private bool hasStopReason;

    /// <summary>Whether all has been said to the program, and its answer is awaited.</summary>
    public bool IsAsked => posted == lines.Count;

    /// <summary>Whether the message has begun.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>How the answer ended.</summary>
    public Ending Ending { get; private set; }

    /// <summary>Why it failed, or null.</summary>
    public ProgramError? Error { get; private set; }

    /// <summary>What the program last said of the account's limits, or null.</summary>
    public ClaudeCodeLimits? Limits { get; private set; }

    /// <summary>Whether the program has said that its turn is over.</summary>
    public bool HasResult { get; private set; }

    /// <summary>Posts the first lines.</summary>
    public void Begin() => PostNext();

    /// <summary>Takes the next line. True where it was an event of the answer.</summary>
    public bool Take(ReadOnlySpan<byte> json)
    {
        if (!ProgramLine.TryRead(json, out var line))
        {
            garbage += json.IsEmpty ? 0 : 1;
            if (garbage > MostGarbage)
            {
                Fail(Unreadable("it writes lines that are not JSON"));
            }

            return false;
        }

        if (JsonText.Means(line.Type, "stream_event"u8))
        {
            return !line.IsNested && TakeEvent(line);
        }

        if (JsonText.Means(line.Type, "result"u8))
        {
            TakeResult(line);
        }
        else if (JsonText.Means(line.Type, "control_request"u8))
        {
            TakeRequest(line);
        }
        else if (JsonText.Means(line.Type, "control_response"u8))
        {
            TakeResponse(line);
        }
        else if (JsonText.Means(line.Type, "assistant"u8) && line.IsApiError)
        {
            TakeError(line);
        }
        else if (JsonText.Means(line.Type, "rate_limit_event"u8))
        {
            TakeLimits(line);
        }
        else if (JsonText.Means(line.Type, "system"u8) && JsonText.Means(line.Subtype, "api_retry"u8))
        {
            TakeRetry(line);
        }

        return false;
    }

    /// <summary>Ends the answer with an error.</summary>
    public void Fail(ProgramError error)
    {
        if (Ending == Ending.None)
        {
            Error = error;
            Ending = Ending.Failed;
        }
    }

    /// <summary>The output has ended before the answer did.</summary>
    /// <param name="end">How the process ended.</param>
    public void TakeEnd(ProcessEnd end) => Fail(failure.IsKnown ? ToError() : new ProgramError(
        502, ErrorType.Api, $"Claude Code ended with the exit code {end.ExitCode} before its answer was complete{WordsOf(end)}. Send the request again."));

    private static string WordsOf(ProcessEnd end)
    {
        // What it could not read it repeats, and that is the client's text.
        var words = end.Words.Trim().Split('\n', 2)[0];
        return words.Length == 0 || words.StartsWith("Error parsing", StringComparison.Ordinal) ? "" : ": " + (words.Length > 300 ? words[..300] + "…" : words);
    }

    /// <summary>An error of a program that is not as expected.</summary>
    public static ProgramError Unreadable(string what) =>
        new(502, ErrorType.Api, $"Claude Code does not behave as expected: {what}. Try again; if that does not help, look whether this version of it is supported.");

    private bool TakeEvent(in ProgramLine line)
    {
        if (line.Event.IsEmpty || !JsonText.TryMember(line.Event, "type"u8, out var type) || type.Length < 3 || type[0] != '"' || type[1..^1].ContainsAnyExcept(NameBytes))
        {
            Fail(Unreadable("an event has no type"));
            return false;
        }

        var name = type[1..^1];
        var isStart = name.SequenceEqual("message_start"u8);
        if (!IsAsked || isStart == HasBegun)
        {
            Fail(!IsAsked ? Unreadable("it answers before it was asked") : isStart ? Broken("it began the message anew") : Unreadable("an event comes before the message"));
            return false;
        }

        if (name.SequenceEqual("message_delta"u8))
        {
            return TakeDelta(line, name);
        }

        if (name.SequenceEqual("message_stop"u8))
        {
            if (line.IsAbandoned || !hasStopReason)
            {
                Fail(Broken("the stream broke"));
                return false;
            }

            Ending = Ending.Complete;
        }

        HasBegun = true;
        failure.Clear();
        Release();
        if (name.SequenceEqual("content_block_stop"u8))
        {
            blockEnd.Write(line.Event);
        }
        else
        {
            answer.Event(name, line.Event);
        }

        return true;
    }

    private void Release()
    {
        if (blockEnd.WrittenCount > 0)
        {
            answer.Event("content_block_stop"u8, blockEnd.WrittenSpan);
            blockEnd.ResetWrittenCount();
        }
    }

    private bool TakeDelta(in ProgramLine line, ReadOnlySpan<byte> name)
    {
        if (!JsonText.TryMember(line.Event, "delta"u8, out var delta) || !JsonText.TryMember(delta, "stop_reason"u8, out var reason) || reason[0] != '"')
        {
            Fail(Broken("the stream broke"));
            return false;
        }

        hasStopReason = true;
        Release();
        answer.Event(name, line.Event);
        if (!JsonText.Means(reason, "end_turn"u8) && !JsonText.Means(reason, "stop_sequence"u8) && !JsonText.Means(reason, "pause_turn"u8))
        {
            answer.Event("message_stop"u8, "{\"type\":\"message_stop\"}"u8);
            Ending = Ending.Cut;
        }

        return true;
    }

    private void TakeResult(in ProgramLine line)
    {
        HasResult = true;
        if (Ending != Ending.None)
        {
            return;
        }

        if (line.IsError)
        {
            failure.Take(line);
            Fail(ToError());
        }
        else if (!IsAsked)
        {
            HasResult = false;
            PostNext();
        }
        else
        {
            Fail(HasBegun ? Broken("the stream broke") : Unreadable("it ended its turn without an answer"));
        }
    }

    private void TakeRequest(in ProgramLine line)
    {
        if (++requests > MostRequests)
        {
            Fail(Unreadable("it asks too much of its host"));
            return;
        }

        var reply = bridge.Answer(line.RequestId, line.Request);
        if (!reply.IsEmpty)
        {
            input.Post(reply);
        }
    }

    private void TakeResponse(in ProgramLine line)
    {
        if (JsonText.TryMember(line.Response, "subtype"u8, out var subtype) && JsonText.Means(subtype, "error"u8))
        {
            var what = JsonText.TryMember(line.Response, "request_id"u8, out var id) && id[0] == '"' ? JsonText.Decode(id) : "";
            Fail(Unreadable($"it does not take the {(what.Length is > 0 and < 20 ? what : "request")} that it was given"));
        }
    }

    private void TakeError(in ProgramLine line)
    {
        failure.Take(line);
        if (HasBegun)
        {
            Fail(ToError());
        }
    }

    private void TakeLimits(in ProgramLine line)
    {
        if (line.RateLimit.IsEmpty)
        {
            return;
        }

        Limits = LimitsReader.Read(line.RateLimit, now());
        if (Limits.Status == "rejected")
        {
            failure.ResetsAt = Limits.ResetsAt;
        }
    }

    // Another try is Tuppence's own affair, and the client's: only what the program itself can put right is left to it.
    private void TakeRetry(in ProgramLine line)
    {
        failure.Take(line);
        if (!failure.MayPass)
        {
            Fail(ToError());
        }
    }

    private ProgramError Broken(string what) => failure.IsKnown
        ? ToError()
        : new ProgramError(502, ErrorType.Api, $"The answer of Claude Code is not complete: {what}. Send the request again.");

    private ProgramError ToError() => failure.ToError(request.Model, now());

    private void PostNext()
    {
        posted = lines.Until(posted);
        input.PostUntil(posted);
    }
}
