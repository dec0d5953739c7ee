using System.Text;

namespace Tuppence.Messages.Requests;

/// <summary>A title for a conversation: the first words that its user wrote. Words in brackets alone, with which front ends mark a beginning, are passed over.</summary>
public static class ConversationTitle
{
    /// <summary>Longest title in characters.</summary>
    public const int Longest = 80;

    [ThreadStatic]
    private static MessageBody? spare;

    /// <summary>The title, in one line; null where no user message has text, or the body is not JSON.</summary>
    public static string? Of(ReadOnlyMemory<byte> bytes)
    {
        var body = spare ?? new MessageBody();
        spare = null;
        var title = body.Read(bytes, MessageBody.DefaultMaxDepth) is null ? Find(body) : null;
        body.Clear();
        spare = body;
        return title;
    }

    private static string? Find(MessageBody body)
    {
        foreach (ref readonly var message in body.Messages)
        {
            if (message.Role == MessageRole.User && TextOf(body, message) is { Length: > 0 } text && !(text[0] == '[' && text[^1] == ']'))
            {
                return text;
            }
        }

        return null;
    }

    private static string? TextOf(MessageBody body, in BodyMessage message)
    {
        var bytes = body.Bytes.Span;
        if (message.BlockCount == 0)
        {
            var content = message.Content.Of(bytes);
            return content.Length > 0 && content[0] == '"' ? OneLine(JsonText.Decode(content)) : null;
        }

        foreach (ref readonly var block in body.BlocksOf(message))
        {
            if (!block.Text.IsEmpty && OneLine(JsonText.Decode(block.Text.Of(bytes))) is { Length: > 0 } text)
            {
                return text;
            }
        }

        return null;
    }

    private static string OneLine(string text)
    {
        var line = new StringBuilder(Longest + 1);
        foreach (var rune in text.EnumerateRunes())
        {
            var isGap = Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);
            if (isGap && line.Length == 0)
            {
                continue;
            }

            if (line.Length + rune.Utf16SequenceLength > Longest)
            {
                return Cut(line);
            }

            if (!isGap)
            {
                line.Append(rune.ToString());
            }
            else if (line[^1] != ' ')
            {
                line.Append(' ');
            }
        }

        return line.ToString().TrimEnd();
    }

    /// <summary>Ends at a word, where that leaves most of it.</summary>
    private static string Cut(StringBuilder line)
    {
        var text = line.ToString();
        var word = text.LastIndexOf(' ');
        return (word > Longest / 2 ? text[..word] : text).TrimEnd() + "…";
    }
}
