namespace Tuppence.Thrift.Accounts;

/// <summary>How two versions of a text differ: first place for people to look at, all changed words for guessing.</summary>
internal sealed class TextChange
{
    private const int WordsAround = 6;
    private const int WordsChanged = 12;

    private TextChange(TextDiff diff, List<string> removed, List<string> added, int words, bool sameLines)
    {
        Diff = diff;
        Removed = removed;
        Added = added;
        Words = words;
        KeepsLines = sameLines;
    }

    public TextDiff Diff { get; }

    /// <summary>Words of the old text that are gone.</summary>
    public IReadOnlyList<string> Removed { get; }

    /// <summary>Words of the new text that were not there.</summary>
    public IReadOnlyList<string> Added { get; }

    /// <summary>Words of the longer text.</summary>
    public int Words { get; }

    /// <summary>Whether both have as many lines, so that words changed inside of lines.</summary>
    public bool KeepsLines { get; }

    /// <summary>Whether few words changed inside of lines.</summary>
    public bool IsSmall => KeepsLines && Math.Max(Removed.Count, Added.Count) <= Math.Max(12, Words / 8);

    public static TextChange Between(string old, string now)
    {
        var (oldLines, newLines) = (old.Split('\n'), now.Split('\n'));
        var (removed, added) = (new List<string>(), new List<string>());
        TextDiff? diff = null;
        var words = Math.Max(WordSplit.Of(old).Count, WordSplit.Of(now).Count);
        if (oldLines.Length == newLines.Length)
        {
            for (var i = 0; i < oldLines.Length; i++)
            {
                if (oldLines[i] != newLines[i])
                {
                    Compare(WordSplit.Of(oldLines[i]), WordSplit.Of(newLines[i]), removed, added, ref diff);
                }
            }
        }
        else
        {
            Compare(WordSplit.Of(old), WordSplit.Of(now), removed, added, ref diff);
        }

        return new TextChange(diff ?? new TextDiff("", "", "", ""), removed, added, words, oldLines.Length == newLines.Length);
    }

    /// <summary>Shows a text that came or went as a whole.</summary>
    public static TextDiff Whole(string text, bool came)
    {
        var start = Join(WordSplit.Of(text), 0, WordsChanged);
        return came ? new TextDiff("", "", start, "") : new TextDiff("", start, "", "");
    }

    // What is alike at both ends goes; with as many words in between, words are compared one by one.
    private static void Compare(List<string> old, List<string> now, List<string> removed, List<string> added, ref TextDiff? diff)
    {
        var head = 0;
        while (head < old.Count && head < now.Count && old[head] == now[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < old.Count - head && tail < now.Count - head && old[^(tail + 1)] == now[^(tail + 1)])
        {
            tail++;
        }

        var (oldEnd, newEnd) = (old.Count - tail, now.Count - tail);
        var sameCount = oldEnd == newEnd;
        for (var i = head; i < Math.Max(oldEnd, newEnd); i++)
        {
            if (sameCount && old[i] == now[i])
            {
                continue;
            }

            if (i < oldEnd)
            {
                removed.Add(old[i].Trim());
            }

            if (i < newEnd)
            {
                added.Add(now[i].Trim());
            }
        }

        if (diff is null)
        {
            var firstEnd = head;
            while (sameCount && firstEnd < oldEnd && old[firstEnd] != now[firstEnd])
            {
                firstEnd++;
            }

            var (oldTo, newTo) = sameCount ? (firstEnd, firstEnd) : (oldEnd, newEnd);
            diff = new TextDiff(
                (head > WordsAround ? "…" : "") + Join(old, Math.Max(0, head - WordsAround), WordsAround, head),
                Join(old, head, WordsChanged, oldTo),
                Join(now, head, WordsChanged, newTo),
                Join(now, newTo, WordsAround));
        }
    }

    private static string Join(List<string> words, int from, int most, int end = int.MaxValue)
    {
        const int longest = 160;
        end = Math.Min(end, words.Count);
        var text = string.Concat(words[from..Math.Min(end, from + most)]);
        text = text.Length > longest ? text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)] + "…" : text;
        return end - from > most && !text.EndsWith('…') ? text.TrimEnd() + "…" : text;
    }
}
