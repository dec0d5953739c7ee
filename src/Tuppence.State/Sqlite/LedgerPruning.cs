using Microsoft.Data.Sqlite;
using Tuppence.State.Ledger;

namespace Tuppence.State.Sqlite;

/// <summary>Removes rows that are too old, or the oldest where the database is too large, a few at a time.</summary>
internal static class LedgerPruning
{
    private const int Step = 500;

    /// <summary>Removes some and gives their room back; true where there is more to do.</summary>
    /// <param name="connection">The writer's connection, outside a transaction.</param>
    /// <param name="before">Rows from before this moment are too old; null: none is.</param>
    /// <param name="maxBytes">Size that the database may have; 0: any.</param>
    public static bool Run(SqliteConnection connection, DateTimeOffset? before, long maxBytes)
    {
        LedgerFile.Run(connection, SqlText.Of("prune-table"));
        var removed = before is { } moment ? Remove(connection, LedgerTime.Of(moment)) : 0;
        var isTooLarge = maxBytes > 0 && Bytes(connection) > maxBytes;
        if (removed == 0 && isTooLarge)
        {
            removed = Remove(connection, long.MaxValue);
        }

        // Pages of removed rows go back to the disk, at most 2 MB at a time.
        GiveBack(connection);
        return removed == Step || (removed > 0 && isTooLarge);
    }

    private static void GiveBack(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA incremental_vacuum(512)";
        using var pages = command.ExecuteReader();
        while (pages.Read())
        {
            // Each step gives one page back.
        }
    }

    // What is in use: free pages are about to go.
    private static long Bytes(SqliteConnection connection) =>
        LedgerFile.Number(connection, "PRAGMA page_size") * (LedgerFile.Number(connection, "PRAGMA page_count") - LedgerFile.Number(connection, "PRAGMA freelist_count"));

    private static int Remove(SqliteConnection connection, long before)
    {
        using var transaction = connection.BeginTransaction();
        using var take = connection.CreateCommand();
        take.Transaction = transaction;
        take.CommandText = SqlText.Of("prune-take");
        take.Parameters.AddWithValue("$before", before);
        take.Parameters.AddWithValue("$most", Step);
        var taken = take.ExecuteNonQuery();
        if (taken > 0)
        {
            using var rest = connection.CreateCommand();
            rest.Transaction = transaction;
            rest.CommandText = SqlText.Of("prune-hours") + ";" + SqlText.Of("prune-remove");
            rest.ExecuteNonQuery();
        }

        transaction.Commit();
        return taken;
    }
}
