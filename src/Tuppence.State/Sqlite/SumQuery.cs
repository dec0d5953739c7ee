using System.Globalization;
using Microsoft.Data.Sqlite;
using Tuppence.State.Ledger;

namespace Tuppence.State.Sqlite;

/// <summary>Adds rows up: whole hours from their sums, what stands over and what the sums do not tell from the rows themselves.</summary>
internal sealed class SumQuery(SqliteConnection connection, NameWords words, CancellationToken cancellation)
{
    /// <summary>The sums of a query by group.</summary>
    public IReadOnlyList<LedgerSum> Sum(LedgerQuery query, LedgerGrouping grouping)
    {
        var tallies = new LedgerTallies(grouping);
        if (grouping == LedgerGrouping.Conversation || query.Conversation is not null || query.FailedOnly || LedgerFilter.Words(query.Search).Length > 0)
        {
            foreach (var (from, until) in HourSpans.Of(connection, query))
            {
                AddRows(tallies, query, grouping, from, until);
            }

            return tallies.Sums();
        }

        foreach (var (from, until, isHours) in SumSlices.Of(query.From is { } first ? LedgerTime.Of(first) : null, query.Until is { } end ? LedgerTime.Of(end) : null))
        {
            if (isHours)
            {
                AddHours(tallies, query, grouping, from / LedgerTime.Hour, until / LedgerTime.Hour);
            }
            else
            {
                AddRows(tallies, query, grouping, from, until);
            }
        }

        return tallies.Sums();
    }

    /// <summary>The sum that stands in a row from a column on, as the two texts of sums order their columns.</summary>
    public static LedgerSum SumAt(SqliteDataReader row, int column) => new()
    {
        Requests = row.GetInt64(column),
        Failed = row.GetInt64(column + 1),
        Unpriced = row.GetInt64(column + 2),
        Input = row.GetInt64(column + 3),
        CacheRead = row.GetInt64(column + 4),
        CacheWrite5m = row.GetInt64(column + 5),
        CacheWrite1h = row.GetInt64(column + 6),
        Output = row.GetInt64(column + 7),
        Cost = row.GetInt64(column + 8),
        WithoutCaching = row.GetInt64(column + 9),
        Bound = row.GetInt64(column + 10),
    };

    private void AddHours(LedgerTallies tallies, LedgerQuery query, LedgerGrouping grouping, long from, long until)
    {
        var group = grouping switch
        {
            LedgerGrouping.Hour => "hour",
            LedgerGrouping.Day => "hour / 24 * 24",
            LedgerGrouping.Model => "model",
            LedgerGrouping.Preset => "preset",
            LedgerGrouping.Key => "key",
            LedgerGrouping.Upstream => "upstream",
            _ => "0",
        };
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {group}, {SqlText.Of("sum-hours")} FROM hours WHERE hour >= {from} AND hour < {until} AND {HourSpans.Conditions(connection, query)} GROUP BY 1");
        Add(command, tallies, grouping);
    }

    private void AddRows(LedgerTallies tallies, LedgerQuery query, LedgerGrouping grouping, long from, long until)
    {
        var group = grouping switch
        {
            LedgerGrouping.Hour => "e.at / 3600000000",
            LedgerGrouping.Day => "e.at / 86400000000 * 24",
            LedgerGrouping.Model => "e.model",
            LedgerGrouping.Preset => "e.preset",
            LedgerGrouping.Key => "e.key",
            LedgerGrouping.Upstream => "e.upstream",
            LedgerGrouping.Conversation => "e.conversation",
            _ => "0",
        };
        var conditions = new QueryConditions(connection, query, withTime: false);
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture,
            $"SELECT {group}, {SqlText.Of("sum-entries")} FROM entries e WHERE e.at >= {from} AND e.at < {until} AND {conditions.Sql} GROUP BY 1 HAVING count(*) > 0 ORDER BY 10 DESC LIMIT 10000");
        conditions.Fill(command);
        Add(command, tallies, grouping);
    }

    private void Add(SqliteCommand command, LedgerTallies tallies, LedgerGrouping grouping)
    {
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var group = rows.IsDBNull(0) ? (long?)null : rows.GetInt64(0);
            var name = grouping switch
            {
                LedgerGrouping.Total => null,
                LedgerGrouping.Hour or LedgerGrouping.Day => LedgerTallies.NameOf(grouping, group ?? 0),
                LedgerGrouping.Conversation => ConversationOf(group),
                _ => words[connection, group],
            };
            tallies[name].Add(SumAt(rows, 1));
        }
    }

    private string? ConversationOf(long? id)
    {
        if (id is null)
        {
            return null;
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM conversations WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        return (string?)command.ExecuteScalar();
    }
}
