using Tuppence.Messages.Requests;

namespace Tuppence.Thrift.Rewriting.Texts;

/// <summary>Cuts JSON strings into paragraphs and paragraphs into sentences, on the bytes as written and never inside an escape.</summary>
internal static class TextCutter
{
    private const int ShortestWord = 4;

    /// <summary>The paragraphs of a string: what stands between line breaks.</summary>
    /// <param name="json">The body.</param>
    /// <param name="content">The string without its quotes.</param>
    /// <param name="units">Takes the paragraphs. What white space stands before the first belongs to none.</param>
    public static void Paragraphs(ReadOnlySpan<byte> json, ByteRange content, List<TextUnit> units)
    {
        var at = SkipBlank(json, content.Start, content.End);
        while (at < content.End)
        {
            var start = at;
            while (at < content.End && !IsBreak(json, at, content.End))
            {
                at += StepOf(json, at);
            }

            var end = at;
            while (end > start && json[end - 1] is (byte)' ')
            {
                end--;
            }

            at = SkipBlank(json, at, content.End);
            units.Add(new TextUnit(new ByteRange(start, end), new ByteRange(end, at)));
        }
    }

    /// <summary>The sentences of a paragraph.</summary>
    /// <param name="json">The body.</param>
    /// <param name="paragraph">The paragraph; the white space behind it becomes that of the last sentence.</param>
    /// <param name="units">Takes the sentences.</param>
    public static void Sentences(ReadOnlySpan<byte> json, TextUnit paragraph, List<TextUnit> units)
    {
        var (start, end) = (paragraph.Text.Start, paragraph.Text.End);
        var at = start;
        while (at < end)
        {
            var isStop = json[at] is (byte)'.' or (byte)'!' or (byte)'?';
            at += StepOf(json, at);
            if (!isStop)
            {
                continue;
            }

            var behind = SkipClosing(json, at, end);
            var next = behind;
            while (next < end && json[next] == ' ')
            {
                next++;
            }

            if (next > behind && next < end && !IsAbbreviation(json, start, at) && !char.IsAsciiLetterLower((char)json[next]))
            {
                units.Add(new TextUnit(new ByteRange(start, behind), new ByteRange(behind, next)));
                start = next;
                at = next;
            }
        }

        units.Add(new TextUnit(new ByteRange(start, end), paragraph.Gap));
    }

    /// <summary>The beginning of a string's content, cut neither inside an escape nor inside a character.</summary>
    public static ReadOnlySpan<byte> Beginning(ReadOnlySpan<byte> content, int most)
    {
        var at = 0;
        while (at < content.Length && at + StepOf(content, at) <= most)
        {
            at += StepOf(content, at);
        }

        while (at < content.Length && at > 0 && (content[at] & 0xC0) == 0x80)
        {
            at--;
        }

        return content[..at];
    }

    private static int SkipClosing(ReadOnlySpan<byte> json, int at, int end)
    {
        while (at < end)
        {
            if (json[at] is (byte)'*' or (byte)')' or (byte)']' or (byte)'\'' or (byte)'_' or (byte)'.' or (byte)'!' or (byte)'?')
            {
                at++;
            }
            else if (at + 1 < end && json[at] == '\\' && json[at + 1] == '"')
            {
                at += 2;
            }
            else if (at + 2 < end && json[at] == 0xE2 && json[at + 1] == 0x80 && json[at + 2] is 0x9D or 0x99)
            {
                at += 3;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    // "Mr." and "St." end no sentence, "PM." does; a short word with one capital is taken for one of the former.
    private static bool IsAbbreviation(ReadOnlySpan<byte> json, int start, int stop)
    {
        var at = stop - 1;
        while (at > start && char.IsAsciiLetter((char)json[at - 1]))
        {
            at--;
        }

        var length = stop - 1 - at;
        return length is > 0 and < ShortestWord && char.IsAsciiLetterUpper((char)json[at]) && json[stop - 1] == '.'
            && (length == 1 || char.IsAsciiLetterLower((char)json[stop - 2]));
    }

    private static int SkipBlank(ReadOnlySpan<byte> json, int at, int end)
    {
        while (at < end)
        {
            if (json[at] == ' ')
            {
                at++;
            }
            else if (IsBreak(json, at, end) || (at + 1 < end && json[at] == '\\' && json[at + 1] == 't'))
            {
                at += 2;
            }
            else
            {
                break;
            }
        }

        return at;
    }

    private static bool IsBreak(ReadOnlySpan<byte> json, int at, int end) =>
        at + 1 < end && json[at] == '\\' && json[at + 1] is (byte)'n' or (byte)'r';

    private static int StepOf(ReadOnlySpan<byte> json, int at) => json[at] != '\\' ? 1 : json[at + 1] == 'u' ? 6 : 2;
}
