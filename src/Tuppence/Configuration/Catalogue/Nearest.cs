namespace Tuppence.Configuration.Catalogue;

/// <summary>Finds what a mistyped word was meant to be.</summary>
internal static class Nearest
{
    /// <summary>
    /// The candidate fewest edits away (insert, delete, replace, swap of neighbours: optimal string alignment distance), or null where
    /// none is within a third of the word's length. Case, <c>-</c> and <c>_</c> do not count.
    /// </summary>
    public static string? To(string word, IEnumerable<string> candidates)
    {
        var plain = Plain(word);
        var limit = Math.Max(1, plain.Length / 3);
        string? best = null;
        foreach (var candidate in candidates)
        {
            var distance = plain.Length > 64 ? int.MaxValue : Distance(plain, Plain(candidate));
            if (distance <= limit && (best is null || distance < limit))
            {
                best = candidate;
                limit = distance;
            }
        }

        return best;
    }

    private static string Plain(string word) =>
        word.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var least = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                rows[i, j] = swapped ? Math.Min(least, rows[i - 2, j - 2] + 1) : least;
            }
        }

        return rows[a.Length, b.Length];
    }
}
