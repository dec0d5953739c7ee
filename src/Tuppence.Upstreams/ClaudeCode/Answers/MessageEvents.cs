using System.Buffers;
using Tuppence.Messages.Requests;

namespace Tuppence.Upstreams.ClaudeCode.Answers;

/// <summary>The events of one message, as far as they are the API's own.</summary>
/// <param name="answer">Takes them.</param>
/// <remarks>
/// The program goes on by itself after max_tokens, a refusal and tool use, and asks again, which is billed: on the line that says so the message is over, and what the
/// stream lacks is written here. After a broken stream the program writes closing events of its own, which look sound: they are not passed on. The end of
/// a block could be one of them, and waits for the next event.
/// </remarks>
internal sealed class MessageEvents(AnswerWriter answer)
{
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz_"u8);

    private readonly ArrayBufferWriter<byte> blockEnd = new(128);
    private bool hasStopReason;

    /// <summary>Whether the message has begun.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Takes the next one.</summary>
    /// <param name="line">The line that wraps it.</param>
    /// <param name="fault">Why the stream is not sound, or null.</param>
    /// <returns>Whether, and how, the message is over.</returns>
    public Ending Take(in ProgramLine line, out string? fault)
    {
        fault = null;
        if (line.Event.IsEmpty || !JsonText.TryMember(line.Event, "type"u8, out var type) || type.Length < 3 || type[0] != '"' || type[1..^1].ContainsAnyExcept(NameBytes))
        {
            fault = "an event has no type";
            return Ending.None;
        }

        var name = type[1..^1];
        if (name.SequenceEqual("message_start"u8) == HasBegun)
        {
            fault = HasBegun ? "it began the message anew" : "an event comes before the message";
            return Ending.None;
        }

        HasBegun = true;
        if (name.SequenceEqual("content_block_stop"u8))
        {
            Release();
            blockEnd.Write(line.Event);
            return Ending.None;
        }

        var ending = EndingOf(name, line, out fault);
        if (fault is null)
        {
            Release();
            answer.Event(name, line.Event);
            if (ending == Ending.Cut)
            {
                answer.Event("message_stop"u8, "{\"type\":\"message_stop\"}"u8);
            }
        }

        return ending;
    }

    private Ending EndingOf(ReadOnlySpan<byte> name, in ProgramLine line, out string? fault)
    {
        fault = null;
        if (name.SequenceEqual("message_stop"u8))
        {
            fault = line.IsAbandoned || !hasStopReason ? "the stream broke" : null;
            return Ending.Complete;
        }

        if (!name.SequenceEqual("message_delta"u8))
        {
            return Ending.None;
        }

        if (!JsonText.TryMember(line.Event, "delta"u8, out var delta) || !JsonText.TryMember(delta, "stop_reason"u8, out var reason) || reason[0] != '"')
        {
            fault = "the stream broke";
            return Ending.None;
        }

        hasStopReason = true;
        return JsonText.Means(reason, "end_turn"u8) || JsonText.Means(reason, "stop_sequence"u8) || JsonText.Means(reason, "pause_turn"u8) ? Ending.None : Ending.Cut;
    }

    private void Release()
    {
        if (blockEnd.WrittenCount > 0)
        {
            answer.Event("content_block_stop"u8, blockEnd.WrittenSpan);
            blockEnd.ResetWrittenCount();
        }
    }
}
