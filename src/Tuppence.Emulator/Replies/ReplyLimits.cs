using Tuppence.Emulator.Requests;

namespace Tuppence.Emulator.Replies;

/// <summary>Ends a reply where <c>stop_sequences</c> or <c>max_tokens</c> end it, whichever comes first.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons (2026-08-22).</remarks>
internal static class ReplyLimits
{
    /// <summary>The reply as far as it may go. A tool call that does not fit is left out whole.</summary>
    public static Reply Apply(Reply reply, MessageRequest request)
    {
        var left = request.MaxTokens;
        var kept = new List<ReplyBlock>();
        foreach (var block in reply.Blocks)
        {
            var (cut, stop) = block is TextReply text ? AtStopSequence(text, request.StopSequences) : (block, null);
            if (cut.Tokens > left)
            {
                Keep(kept, Shorten(cut, left));
                return new(kept, "max_tokens");
            }

            Keep(kept, cut);
            left -= cut.Tokens;
            if (stop is not null)
            {
                return new(kept, "stop_sequence", stop);
            }
        }

        return reply with { Blocks = kept };
    }

    /// <summary>The longest beginning of <paramref name="text"/> that costs at most that many tokens and splits no character.</summary>
    public static string Beginning(string text, int tokens)
    {
        var room = (long)tokens * TokenEstimate.BytesPerToken;
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return text[..end];
    }

    private static void Keep(List<ReplyBlock> kept, ReplyBlock? block)
    {
        if (block is not null and not TextReply { Text.Length: 0 })
        {
            kept.Add(block);
        }
    }

    private static ReplyBlock? Shorten(ReplyBlock block, int tokens) => block switch
    {
        TextReply text => new TextReply(Beginning(text.Text, tokens)),
        ThinkingReply thinking when tokens > 0 => thinking with { Thinking = Beginning(thinking.Thinking, tokens) },
        _ => null,
    };

    private static (ReplyBlock Block, string? Stop) AtStopSequence(TextReply text, IReadOnlyList<string> stops)
    {
        var (first, met) = (text.Text.Length, default(string));
        foreach (var stop in stops)
        {
            var at = text.Text.IndexOf(stop, StringComparison.Ordinal);
            if (at >= 0 && at < first)
            {
                (first, met) = (at, stop);
            }
        }

        return (met is null ? text : new TextReply(text.Text[..first]), met);
    }
}
