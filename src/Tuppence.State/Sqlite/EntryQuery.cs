using System.Globalization;
using Microsoft.Data.Sqlite;
using Tuppence.State.Ledger;

namespace Tuppence.State.Sqlite;

/// <summary>Finds rows.</summary>
internal sealed class EntryQuery(SqliteConnection connection, NameWords words, CancellationToken cancellation)
{
    private const string Order = " ORDER BY e.at DESC, e.seq DESC";

    /// <summary>Rows, newest first.</summary>
    public LedgerPage Read(LedgerQuery query)
    {
        var limit = LedgerFilter.Limit(query);
        var conditions = new QueryConditions(connection, query, withTime: false);
        var newest = long.MaxValue;
        if (query.Before is { } before)
        {
            if (PlaceOf(before) is var (at, seq))
            {
                conditions.Add($"(e.at < {at} OR (e.at = {at} AND e.seq < {seq}))");
                newest = at;
            }
            else
            {
                // It is not there, or not yet: ids are in the order of arrival.
                conditions.Add("e.id < $before", "$before", before);
            }
        }

        var found = new List<LedgerEntry>();
        foreach (var (from, until) in HourSpans.Of(connection, query))
        {
            if (from > newest || found.Count > limit)
            {
                continue;
            }

            // From here on the index of times is read backwards, as far as it takes.
            var high = until > newest && newest < long.MaxValue ? newest + 1 : until;
            using var command = connection.CreateCommand();
            command.CommandText = string.Create(
                CultureInfo.InvariantCulture, $"{SqlText.Of("select-entries")} WHERE e.at >= {from} AND e.at < {high} AND {conditions.Sql}{Order} LIMIT {limit + 1 - found.Count}");
            conditions.Fill(command);
            Add(command, found);
        }

        return found.Count > limit ? new LedgerPage(found[..limit], found[limit - 1].Id) : new LedgerPage(found, null);
    }

    /// <summary>One row, or null.</summary>
    public LedgerEntry? Find(string id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = SqlText.Of("select-entries") + " WHERE e.id = $id";
        command.Parameters.AddWithValue("$id", id);
        var found = new List<LedgerEntry>(1);
        Add(command, found);
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>Those of some ids that have a row.</summary>
    public List<string> Known(IReadOnlyCollection<string> ids)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1 FROM entries WHERE id = $id";
        var parameter = command.Parameters.AddWithValue("$id", "");
        var known = new List<string>();
        foreach (var id in ids)
        {
            cancellation.ThrowIfCancellationRequested();
            parameter.Value = id;
            if (command.ExecuteScalar() is not null)
            {
                known.Add(id);
            }
        }

        return known;
    }

    private void Add(SqliteCommand command, List<LedgerEntry> found)
    {
        using var rows = command.ExecuteReader();
        var row = new EntryRow(rows, connection, words);
        while (rows.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            found.Add(row.Entry());
        }
    }

    private (long At, long Seq)? PlaceOf(string id)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT at, seq FROM entries WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        using var rows = command.ExecuteReader();
        return rows.Read() ? (rows.GetInt64(0), rows.GetInt64(1)) : null;
    }
}
