namespace Tuppence.Texts;

/// <summary>The lines in which two texts differ, with two lines around each place, as <c>diff -u</c> shows them.</summary>
internal static class LineDiff
{
    private const int Context = 2;
    private const int LongestLine = 160;

    // A table of this many cells takes a moment and 16 MB; larger changes are shown as one.
    private const long MostCells = 4_000_000;

    /// <summary>Compares. Empty where the texts are the same.</summary>
    public static IReadOnlyList<string> Of(ReadOnlySpan<string> before, ReadOnlySpan<string> after)
    {
        var head = before.CommonPrefixLength(after, StringComparer.Ordinal);
        if (head == before.Length && head == after.Length)
        {
            return [];
        }

        var tail = 0;
        while (tail < Math.Min(before.Length, after.Length) - head && before[^(tail + 1)] == after[^(tail + 1)])
        {
            tail++;
        }

        var all = new List<(char Mark, string Line)>();
        foreach (var line in before[..head])
        {
            all.Add((' ', line));
        }

        Middle(before[head..^tail], after[head..^tail], all);
        foreach (var line in before[^tail..])
        {
            all.Add((' ', line));
        }

        return Shown(all);
    }

    private static void Middle(ReadOnlySpan<string> before, ReadOnlySpan<string> after, List<(char Mark, string Line)> all)
    {
        var (i, j) = (0, 0);
        if ((long)before.Length * after.Length <= MostCells)
        {
            // Longest common subsequence, from the end.
            var width = after.Length + 1;
            var longest = new int[(before.Length + 1) * width];
            for (var a = before.Length - 1; a >= 0; a--)
            {
                for (var b = after.Length - 1; b >= 0; b--)
                {
                    longest[(a * width) + b] = before[a] == after[b]
                        ? longest[((a + 1) * width) + b + 1] + 1
                        : Math.Max(longest[((a + 1) * width) + b], longest[(a * width) + b + 1]);
                }
            }

            while (i < before.Length && j < after.Length)
            {
                if (before[i] == after[j])
                {
                    all.Add((' ', before[i++]));
                    j++;
                }
                else if (longest[((i + 1) * width) + j] >= longest[(i * width) + j + 1])
                {
                    all.Add(('-', before[i++]));
                }
                else
                {
                    all.Add(('+', after[j++]));
                }
            }
        }

        foreach (var line in before[i..])
        {
            all.Add(('-', line));
        }

        foreach (var line in after[j..])
        {
            all.Add(('+', line));
        }
    }

    private static List<string> Shown(List<(char Mark, string Line)> all)
    {
        var shown = new List<string>();
        var last = -1;
        for (var i = 0; i < all.Count; i++)
        {
            if (!IsNearChange(all, i))
            {
                continue;
            }

            if (last >= 0 && i > last + 1)
            {
                shown.Add("  …");
            }

            last = i;
            var line = all[i].Line;
            shown.Add($"{all[i].Mark} {(line.Length > LongestLine ? line[..LongestLine] + "…" : line)}");
        }

        return shown;
    }

    private static bool IsNearChange(List<(char Mark, string Line)> all, int at)
    {
        for (var i = Math.Max(0, at - Context); i <= Math.Min(all.Count - 1, at + Context); i++)
        {
            if (all[i].Mark != ' ')
            {
                return true;
            }
        }

        return false;
    }
}
