using Microsoft.Data.Sqlite;

namespace Tuppence.State.Sqlite;

/// <summary>SQLite's errors in words for people. Codes: https://www.sqlite.org/rescode.html.</summary>
internal static class LedgerWords
{
    private const int Busy = 5, Locked = 6, NoMemory = 7, ReadOnly = 8, Io = 10, Corrupt = 11, Full = 13, CannotOpen = 14, Denied = 23, NoDatabase = 26;

    /// <summary>Whether the file is damaged.</summary>
    public static bool IsDamage(SqliteException error) => error.SqliteErrorCode is Corrupt or NoDatabase;

    /// <summary>Whether it may pass: the surroundings are at fault and not the row.</summary>
    public static bool IsOfSurroundings(SqliteException error) =>
        error.SqliteErrorCode is Busy or Locked or NoMemory or ReadOnly or Io or Full or CannotOpen or Denied;

    /// <summary>What is wrong and what to do.</summary>
    public static string Of(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        Full => $"There is no room left for the ledger “{path}”. Make room on the disk; until then rows wait in memory.",
        Busy or Locked => $"Another program holds the ledger “{path}” locked. Close it there; until then rows wait in memory.",
        ReadOnly or Denied or CannotOpen => $"The ledger “{path}” cannot be written: its folder or file is read-only or cannot be made. Correct the rights, or name another folder with ledger_directory.",
        Corrupt or NoDatabase => $"The ledger “{path}” is damaged.",
        Io => $"The disk refuses the ledger “{path}” ({error.Message}). Check its room and its state; until then rows wait in memory.",
        _ => $"The ledger “{path}” cannot be used: {error.Message}",
    };

    /// <summary>The same for somebody who reads.</summary>
    public static string OfReading(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        Busy or Locked => $"Another program holds the ledger “{path}” locked. Close it there and try again.",
        ReadOnly or Denied or CannotOpen => $"The ledger “{path}” cannot be opened. Read it as the user that the gateway runs as.",
        Corrupt or NoDatabase => $"The ledger “{path}” is damaged. The gateway sets it aside when it next writes.",
        _ => $"The ledger “{path}” cannot be read: {error.Message}",
    };
}
