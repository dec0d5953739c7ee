using System.Globalization;
using Microsoft.Data.Sqlite;
using Tuppence.State.Ledger;

namespace Tuppence.State.Sqlite;

/// <summary>Finds conversations.</summary>
internal sealed class ConversationQuery(SqliteConnection connection, NameWords words, CancellationToken cancellation)
{
    /// <summary>Conversations, the latest first.</summary>
    public List<LedgerConversation> Read(LedgerQuery query)
    {
        var rows = new QueryConditions(connection, query, withTime: true, withWords: false);
        var found = new List<LedgerConversation>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT c.id, c.name, c.title, c.model, c.client, c.first, c.latest FROM conversations c"
            + $" WHERE EXISTS (SELECT 1 FROM entries e WHERE e.conversation = c.id AND {rows.Sql}){Words(query, command)}{After(query, command)} ORDER BY c.latest DESC, c.name DESC"
            + string.Create(CultureInfo.InvariantCulture, $" LIMIT {LedgerFilter.Limit(query)}");
        rows.Fill(command);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            found.Add(Of(row, rows));
        }

        return found;
    }

    private LedgerConversation Of(SqliteDataReader row, QueryConditions conditions)
    {
        using var command = connection.CreateCommand();
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture, $"SELECT min(e.at), max(e.at), {SqlText.Of("sum-entries")} FROM entries e INDEXED BY entries_conversation WHERE e.conversation = {row.GetInt64(0)} AND {conditions.Sql}");
        conditions.Fill(command);
        using var sums = command.ExecuteReader();
        sums.Read();
        var name = row.GetString(1);
        return new LedgerConversation(
            name,
            row.IsDBNull(2) ? null : row.GetString(2),
            words[connection, row.IsDBNull(3) ? null : row.GetInt64(3)],
            words[connection, row.IsDBNull(4) ? null : row.GetInt64(4)],
            LedgerTime.Moment(sums.GetInt64(0)),
            LedgerTime.Moment(sums.GetInt64(1)),
            SumQuery.SumAt(sums, 2) with { Group = name });
    }

    private static string Words(LedgerQuery query, SqliteCommand command)
    {
        var text = "";
        foreach (var word in LedgerFilter.Words(query.Search))
        {
            var parameter = string.Create(CultureInfo.InvariantCulture, $"$words{command.Parameters.Count}");
            command.Parameters.AddWithValue(parameter, QueryConditions.Pattern(word));
            var named = $"(SELECT id FROM names WHERE text LIKE {parameter} ESCAPE '\\')";
            text += $" AND (c.name LIKE {parameter} ESCAPE '\\' OR c.title LIKE {parameter} ESCAPE '\\' OR c.model IN {named} OR c.client IN {named})";
        }

        return text;
    }

    private static string After(LedgerQuery query, SqliteCommand command)
    {
        if (query.Before is null)
        {
            return "";
        }

        command.Parameters.AddWithValue("$after", query.Before);
        return " AND (c.latest, c.name) < (SELECT latest, name FROM conversations WHERE name = $after)";
    }
}
