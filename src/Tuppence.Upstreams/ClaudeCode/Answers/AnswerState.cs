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
internal sealed class AnswerState(ClaudeRequest request, RequestLines lines, ProcessInput input, AnswerWriter answer, Func<DateTimeOffset> now)
{
    private const int MostGarbage = 100;
    private const int MostRequests = 1000;

    private readonly ProgramFailure failure = new();
    private readonly ToolBridge bridge = new(request.Body);
    private readonly MessageEvents events = new(answer);
    private int posted;
    private int garbage;
    private int requests;

    /// <summary>Whether all has been said to the program, and its answer is awaited.</summary>
    public bool IsAsked => posted == lines.Count;

    /// <summary>Whether the message has begun.</summary>
    public bool HasBegun => events.HasBegun;

    /// <summary>How the answer ended.</summary>
    public Ending Ending { get; private set; }

    /// <summary>Why it failed, or null.</summary>
    public ProgramError? Error { get; private set; }

    /// <summary>What the program last said of the account's limits, or null.</summary>
    public ClaudeCodeLimits? Limits { get; private set; }

    /// <summary>Whether the program has said that its turn is over.</summary>
    public bool HasResult { get; private set; }

    /// <summary>Whether the program asks the API again although its answer is complete.</summary>
    public bool GoesOn { get; private set; }

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
                Fail(ProgramErrors.Unreadable("it writes lines that are not JSON"));
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
        else if (JsonText.Means(line.Type, "system"u8))
        {
            TakeNotice(line);
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
    public void TakeEnd(ProcessEnd end) => Fail(failure.IsKnown ? ToError() : ProgramErrors.Ended(end));

    private bool TakeEvent(in ProgramLine line)
    {
        if (Ending == Ending.Complete)
        {
            GoesOn = true;
            return false;
        }

        if (!IsAsked)
        {
            Fail(ProgramErrors.Unreadable("it answers before it was asked"));
            return false;
        }

        var ending = events.Take(line, out var fault);
        if (fault is not null)
        {
            Fail(HasBegun ? Broken(fault) : ProgramErrors.Unreadable(fault));
            return false;
        }

        failure.Clear();
        Ending = ending;
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
            Fail(HasBegun ? Broken("the stream broke") : ProgramErrors.Unreadable("it ended its turn without an answer"));
        }
    }

    private void TakeRequest(in ProgramLine line)
    {
        if (++requests > MostRequests)
        {
            Fail(ProgramErrors.Unreadable("it asks too much of its host"));
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
            Fail(ProgramErrors.Unreadable($"it does not take the {(what.Length is > 0 and < 20 ? what : "request")} that it was given"));
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
    private void TakeNotice(in ProgramLine line)
    {
        if (JsonText.Means(line.Subtype, "status"u8))
        {
            GoesOn |= Ending == Ending.Complete && JsonText.Means(line.Status, "requesting"u8);
        }
        else if (JsonText.Means(line.Subtype, "api_retry"u8))
        {
            failure.Take(line);
            if (!failure.MayPass)
            {
                Fail(ToError());
            }
        }
    }

    private ProgramError Broken(string what) => failure.IsKnown ? ToError() : ProgramErrors.Broken(what);

    private ProgramError ToError() => failure.ToError(request.Model, now());

    private void PostNext()
    {
        posted = lines.Until(posted);
        input.PostUntil(posted);
    }
}
