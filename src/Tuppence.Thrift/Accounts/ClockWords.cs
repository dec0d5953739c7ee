using System.Collections.Frozen;

namespace Tuppence.Thrift.Accounts;

/// <summary>Recognises words that a clock writes: times, dates, weekdays, months, "a few minutes ago".</summary>
internal static class ClockWords
{
    private static readonly FrozenSet<string> Named = new[]
    {
        "am", "pm", "a.m", "p.m", "utc", "gmt", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months",
        "year", "years", "yesterday", "today",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Fillers = new[] { "a", "an", "few", "ago", "just", "now", "and", "in", "about", "moment", "moments", "one" }
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether all of the words may be a clock's, and one can hardly be anything else.</summary>
    public static bool Are(IReadOnlyList<string> removed, IReadOnlyList<string> added)
    {
        var sure = false;
        foreach (var word in removed.Concat(added))
        {
            var bare = word.Trim(',', '.', ';', '!', '?', '(', ')', '[', ']', '"', '\'', '*', '<', '>');
            var isClock = Named.Contains(bare) || HasTime(bare);
            if (!isClock && !Fillers.Contains(bare) && !bare.All(char.IsAsciiDigit) && !IsOrdinal(bare))
            {
                return false;
            }

            sure |= isClock;
        }

        return sure;
    }

    // 12:05, 2026-11-23, 11/23/2026, 1:05PM, 2026-11-23T12:05:00Z
    private static bool HasTime(string word)
    {
        var digits = word.Count(char.IsAsciiDigit);
        return digits >= 2 && word.IndexOfAny([':', '/', '-']) > 0 && word.All(static c => char.IsAsciiDigit(c) || c is ':' or '/' or '-' or '.' or '+' or 'T' or 'Z' or 'A' or 'P' or 'M' or 'a' or 'p' or 'm');
    }

    private static bool IsOrdinal(string word) => word.Length is 3 or 4 && char.IsAsciiDigit(word[0]) && word[^2..] is "st" or "nd" or "rd" or "th";
}
