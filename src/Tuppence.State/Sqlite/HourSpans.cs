using System.Globalization;
using Microsoft.Data.Sqlite;
using Tuppence.State.Ledger;

namespace Tuppence.State.Sqlite;

/// <summary>Finds the spans of time in which there are rows of a model, preset, key or upstream, or failed ones: the sums of hours are an index to them.</summary>
internal static class HourSpans
{
    /// <summary>The spans of a query, the latest first, cut to its own time. One span of all time where the query narrows by none of these.</summary>
    public static IReadOnlyList<(long From, long Until)> Of(SqliteConnection connection, LedgerQuery query)
    {
        var (from, until) = (query.From is { } first ? LedgerTime.Of(first) : long.MinValue, query.Until is { } end ? LedgerTime.Of(end) : long.MaxValue);
        if (from >= until)
        {
            return [];
        }

        if (query.Conversation is not null || (query.Model ?? query.Preset ?? query.Key ?? query.Upstream) is null && !query.FailedOnly)
        {
            return [(from, until)];
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT hour FROM hours WHERE " + Conditions(connection, query) + (query.FailedOnly ? " AND failed > 0" : "") + " ORDER BY hour DESC";
        var spans = new List<(long From, long Until)>();
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var begin = rows.GetInt64(0) * LedgerTime.Hour;
            var (low, high) = (Math.Max(begin, from), Math.Min(begin + LedgerTime.Hour, until));
            if (low >= high)
            {
                continue;
            }

            if (spans.Count > 0 && spans[^1].From == high)
            {
                spans[^1] = (low, spans[^1].Until);
            }
            else
            {
                spans.Add((low, high));
            }
        }

        return spans;
    }

    /// <summary>What a query says of the columns of <c>hours</c>.</summary>
    public static string Conditions(SqliteConnection connection, LedgerQuery query)
    {
        var conditions = new List<string> { "1" };
        foreach (var (column, word) in (ReadOnlySpan<(string, string?)>)[("model", query.Model), ("preset", query.Preset), ("key", query.Key), ("upstream", query.Upstream)])
        {
            if (word is not null)
            {
                conditions.Add(string.Create(CultureInfo.InvariantCulture, $"{column} = {NameWords.Find(connection, word)}"));
            }
        }

        return string.Join(" AND ", conditions);
    }
}
