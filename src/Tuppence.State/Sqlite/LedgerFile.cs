using System.Globalization;
using Microsoft.Data.Sqlite;
using Tuppence.State.Ledger;

namespace Tuppence.State.Sqlite;

/// <summary>The database, open for its one writer.</summary>
internal sealed class LedgerFile : IDisposable
{
    // "Tupp": says in the file's head whose it is.
    private const int Application = 0x54757070;

    private LedgerFile(SqliteConnection connection) => Connection = connection;

    /// <summary>Its connection.</summary>
    public SqliteConnection Connection { get; }

    /// <summary>The words of a connection. A second is what a statement waits for a lock.</summary>
    public static string Words(string path, SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = mode,
        Pooling = mode == SqliteOpenMode.ReadOnly,
        DefaultTimeout = 1,
    }.ToString();

    /// <summary>Opens, makes what is missing, and brings an older form up to date.</summary>
    /// <exception cref="LedgerException">The file is not ours or of a later version.</exception>
    /// <exception cref="SqliteException">SQLite says no.</exception>
    public static LedgerFile Open(string path)
    {
        var connection = new SqliteConnection(Words(path, SqliteOpenMode.ReadWriteCreate));
        try
        {
            connection.Open();
            if (Version(connection) == 0 && Number(connection, "SELECT count(*) FROM sqlite_schema") == 0)
            {
                // Takes effect before the first table only: room of removed rows can be given back in small steps.
                Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = {Application};"));
            }

            // A commit is on disk when it returns, even if the power fails then; there are at most some ten a second.
            Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304; PRAGMA temp_store = MEMORY;");
            CheckForm(connection, path);
            Migrate(connection);
            return new LedgerFile(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Whether the form is one that this version reads; false: nothing is in it yet.</summary>
    public static bool CheckForm(SqliteConnection connection, string path)
    {
        var version = Version(connection);
        if (version > SqlText.Migrations.Count)
        {
            throw new LedgerException($"“{path}” was written by a later version of Tuppence. Use that version, or name another folder with ledger_directory.");
        }

        if (Number(connection, "PRAGMA application_id") != Application && Number(connection, "SELECT count(*) FROM sqlite_schema") > 0)
        {
            throw new LedgerException($"“{path}” is the database of another program. Move it away, or name another folder with ledger_directory.");
        }

        return version > 0;
    }

    /// <summary>Runs statements.</summary>
    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>A number.</summary>
    public static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Dispose() => Connection.Dispose();

    private static int Version(SqliteConnection connection) => (int)Number(connection, "PRAGMA user_version");

    private static void Migrate(SqliteConnection connection)
    {
        for (var version = Version(connection); version < SqlText.Migrations.Count; version++)
        {
            // Another process may be about to do the same: the version counts once the write lock is ours.
            using var transaction = connection.BeginTransaction();
            if (Version(connection) == version)
            {
                Run(connection, SqlText.Of(SqlText.Migrations[version]));
                Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {version + 1}"));
            }

            transaction.Commit();
        }
    }
}
