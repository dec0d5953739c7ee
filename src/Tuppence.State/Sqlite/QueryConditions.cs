using System.Globalization;
using Microsoft.Data.Sqlite;
using Tuppence.State.Ledger;

namespace Tuppence.State.Sqlite;

/// <summary>A query's conditions as SQL about <c>entries e</c>. Values are numbers of ours or parameters, never text in the SQL.</summary>
internal sealed class QueryConditions
{
    private readonly List<string> conditions = [];
    private readonly List<(string Name, string Value)> parameters = [];

    /// <summary>Those of a query; the time only where <paramref name="withTime"/> says so.</summary>
    public QueryConditions(SqliteConnection connection, LedgerQuery query, bool withTime, bool withWords = true)
    {
        if (withTime && query.From is { } from)
        {
            Add($"e.at >= {LedgerTime.Of(from)}");
        }

        if (withTime && query.Until is { } until)
        {
            Add($"e.at < {LedgerTime.Of(until)}");
        }

        Name(connection, "model", query.Model);
        Name(connection, "preset", query.Preset);
        Name(connection, "key", query.Key);
        Name(connection, "upstream", query.Upstream);
        if (query.Conversation is { } conversation)
        {
            parameters.Add(("$conversation", conversation));
            conditions.Add("e.conversation = (SELECT id FROM conversations WHERE name = $conversation)");
        }

        if (query.FailedOnly)
        {
            conditions.Add("(e.outcome <> 0 OR e.status >= 400)");
        }

        if (withWords)
        {
            Words(query.Search);
        }
    }

    /// <summary>Adds one, of numbers only.</summary>
    public void Add(FormattableString condition) => conditions.Add(condition.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds one with a text as parameter.</summary>
    public void Add(string condition, string parameter, string value)
    {
        conditions.Add(condition);
        parameters.Add((parameter, value));
    }

    /// <summary>All of them, with AND between.</summary>
    public string Sql => conditions.Count == 0 ? "1" : string.Join(" AND ", conditions);

    /// <summary>Gives the command the texts.</summary>
    public void Fill(SqliteCommand command)
    {
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }
    }

    /// <summary>A pattern for LIKE that finds a word anywhere.</summary>
    public static string Pattern(string word) =>
        "%" + word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal) + "%";

    private void Name(SqliteConnection connection, string column, string? word)
    {
        if (word is not null)
        {
            conditions.Add(string.Create(CultureInfo.InvariantCulture, $"e.{column} = {NameWords.Find(connection, word)}"));
        }
    }

    private void Words(string? search)
    {
        foreach (var word in LedgerFilter.Words(search))
        {
            var parameter = string.Create(CultureInfo.InvariantCulture, $"$word{parameters.Count}");
            parameters.Add((parameter, Pattern(word)));
            var named = $"(SELECT id FROM names WHERE text LIKE {parameter} ESCAPE '\\')";
            conditions.Add($"(e.id LIKE {parameter} ESCAPE '\\' OR e.model IN {named} OR e.client IN {named} OR e.preset IN {named} OR e.upstream IN {named} OR e.error_type IN {named}"
                + $" OR e.conversation IN (SELECT id FROM conversations WHERE title LIKE {parameter} ESCAPE '\\'))");
        }
    }
}
