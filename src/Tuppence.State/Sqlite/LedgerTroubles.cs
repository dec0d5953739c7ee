namespace Tuppence.State.Sqlite;

/// <summary>What is wrong with a ledger, and what was lost by it: told to people once as it begins, and once as it ends. Safe for parallel use.</summary>
internal sealed class LedgerTroubles(SqliteLedgerOptions options)
{
    private string? now;
    private string? setAside;
    private long lost;

    /// <summary>What keeps rows from being stored, or that a damaged file was set aside; null while all is well.</summary>
    public string? Words => Volatile.Read(ref now) ?? Volatile.Read(ref setAside);

    /// <summary>Rows that were lost.</summary>
    public long Lost => Interlocked.Read(ref lost);

    /// <summary>Rows cannot be stored.</summary>
    public void Begin(string words)
    {
        if (Interlocked.Exchange(ref now, words) is null)
        {
            options.Tell?.Invoke(words);
        }
    }

    /// <summary>Rows were stored.</summary>
    public void End()
    {
        if (Interlocked.Exchange(ref now, null) is not null)
        {
            options.Tell?.Invoke($"The ledger is written again; {Lost:N0} rows were lost since the start.");
        }
    }

    /// <summary>A damaged file was set aside.</summary>
    public void SetAside(string kept)
    {
        Volatile.Write(ref setAside, $"The ledger was damaged. It was set aside as “{kept}” and a new one was begun; the sqlite3 program's .recover may get its rows back.");
        options.Tell?.Invoke(setAside!);
    }

    /// <summary>Rows are lost.</summary>
    public void Lose(int rows) => Interlocked.Add(ref lost, rows);

    /// <summary>A row did not get into the queue. The first time that is told, but not on the caller's thread, which is a request's.</summary>
    public void LoseOne(bool isClosing)
    {
        if (Interlocked.Increment(ref lost) == 1)
        {
            var words = isClosing
                ? "A row came after the ledger was closed, at the end of the process: it is lost."
                : $"More than {options.MostWaiting:N0} rows wait for the ledger: from now on rows are lost. {Words}".TrimEnd();
            _ = Task.Run(() => options.Tell?.Invoke(words));
        }
    }
}
