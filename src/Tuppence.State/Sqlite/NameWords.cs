using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Tuppence.State.Sqlite;

/// <summary>The words that numbers stand for. A number never gets another word.</summary>
internal sealed class NameWords
{
    private const int MostRemembered = 10_000;

    private readonly ConcurrentDictionary<long, string> known = new();

    /// <summary>The word of a number, or null for none.</summary>
    public string? this[SqliteConnection connection, long? id]
    {
        get
        {
            if (id is not { } number || number == 0)
            {
                return null;
            }

            if (known.TryGetValue(number, out var word))
            {
                return word;
            }

            using var command = connection.CreateCommand();
            command.CommandText = "SELECT text FROM names WHERE id = $id";
            command.Parameters.AddWithValue("$id", number);
            word = (string?)command.ExecuteScalar();
            if (word is not null && known.Count < MostRemembered)
            {
                known[number] = word;
            }

            return word;
        }
    }

    /// <summary>The number of a word; -1 where no row has it.</summary>
    public static long Find(SqliteConnection connection, string word)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM names WHERE text = $text";
        command.Parameters.AddWithValue("$text", word);
        return command.ExecuteScalar() is long id ? id : -1;
    }
}
