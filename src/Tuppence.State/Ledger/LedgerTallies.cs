using System.Globalization;

namespace Tuppence.State.Ledger;

/// <summary>Sums by group while they come together, and the order in which they are given.</summary>
internal sealed class LedgerTallies(LedgerGrouping grouping)
{
    private const int MostGroups = 10_000;

    // A group may be null, which no key of a dictionary is.
    private readonly Dictionary<(string? Name, bool), LedgerTally> tallies = [];

    /// <summary>The sum of a group.</summary>
    public LedgerTally this[string? group]
    {
        get
        {
            if (!tallies.TryGetValue((group, false), out var tally))
            {
                tallies[(group, false)] = tally = new LedgerTally();
            }

            return tally;
        }
    }

    /// <summary>The name of an hour's group, counted from 1970.</summary>
    public static string? NameOf(LedgerGrouping grouping, long hour) => grouping switch
    {
        LedgerGrouping.Hour => Moment(hour),
        LedgerGrouping.Day => Moment(hour / 24 * 24),
        _ => null,
    };

    /// <summary>The name of a row's group.</summary>
    public static string? NameOf(LedgerGrouping grouping, LedgerEntry entry) => grouping switch
    {
        LedgerGrouping.Hour or LedgerGrouping.Day => NameOf(grouping, LedgerTime.HourOf(entry.At)),
        LedgerGrouping.Model => entry.Model,
        LedgerGrouping.Conversation => entry.Conversation,
        LedgerGrouping.Key => entry.Key,
        LedgerGrouping.Preset => entry.Preset,
        LedgerGrouping.Upstream => entry.Upstream,
        _ => null,
    };

    /// <summary>All of them.</summary>
    public IReadOnlyList<LedgerSum> Sums()
    {
        if (grouping == LedgerGrouping.Total)
        {
            return [this[null].Sum(null)];
        }

        var sums = tallies.Select(static pair => pair.Value.Sum(pair.Key.Name));
        return grouping is LedgerGrouping.Hour or LedgerGrouping.Day
            ? [.. sums.OrderBy(static sum => sum.Group, StringComparer.Ordinal)]
            : [.. sums.OrderByDescending(static sum => sum.Cost).ThenBy(static sum => sum.Group, StringComparer.Ordinal).Take(MostGroups)];
    }

    private static string Moment(long hour) => DateTimeOffset.FromUnixTimeSeconds(hour * 3600).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
