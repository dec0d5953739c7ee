using Microsoft.Data.Sqlite;
using Tuppence.State.Ledger;

namespace Tuppence.State.Sqlite;

/// <summary>Asks a database, also while another process writes it. A database that is not there yet is empty.</summary>
/// <param name="path">Full path of the database.</param>
public sealed class LedgerReader(string path) : ILedgerReader, IDisposable
{
    // Reading is the disk's and the processor's work: more at a time take no less time.
    private readonly SemaphoreSlim places = new(4);
    private NameWords words = new();

    /// <inheritdoc/>
    public Task<LedgerPage> ReadAsync(LedgerQuery query, CancellationToken cancellation) =>
        AskAsync(connection => new EntryQuery(connection, words, cancellation).Read(query), new LedgerPage([], null), cancellation);

    /// <inheritdoc/>
    public Task<LedgerEntry?> FindAsync(string id, CancellationToken cancellation) =>
        AskAsync(connection => new EntryQuery(connection, words, cancellation).Find(id), null, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<string>> KnownAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation) =>
        AskAsync<IReadOnlyCollection<string>>(connection => new EntryQuery(connection, words, cancellation).Known(ids), [], cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerSum>> SumAsync(LedgerQuery query, LedgerGrouping grouping, CancellationToken cancellation) =>
        AskAsync(connection => new SumQuery(connection, words, cancellation).Sum(query, grouping), new LedgerTallies(grouping).Sums(), cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerConversation>> ConversationsAsync(LedgerQuery query, CancellationToken cancellation) =>
        AskAsync<IReadOnlyList<LedgerConversation>>(connection => new ConversationQuery(connection, words, cancellation).Read(query), [], cancellation);

    /// <summary>Lets go of connections and of what is remembered: another file is about to take the place.</summary>
    internal void Forget()
    {
        words = new NameWords();
        using var connection = new SqliteConnection(LedgerFile.Words(path, SqliteOpenMode.ReadOnly));
        SqliteConnection.ClearPool(connection);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        places.Dispose();
    }

    private async Task<T> AskAsync<T>(Func<SqliteConnection, T> ask, T nothing, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => Ask(ask, nothing), cancellation);
        }
        finally
        {
            places.Release();
        }
    }

    private T Ask<T>(Func<SqliteConnection, T> ask, T nothing)
    {
        if (!File.Exists(path))
        {
            return nothing;
        }

        try
        {
            using var connection = new SqliteConnection(LedgerFile.Words(path, SqliteOpenMode.ReadOnly));
            connection.Open();

            // One view of the data, whatever is written in the meantime.
            using var transaction = connection.BeginTransaction(deferred: true);
            return LedgerFile.CheckForm(connection, path) ? ask(connection) : nothing;
        }
        catch (SqliteException e)
        {
            throw new LedgerException(LedgerWords.OfReading(e, path), e);
        }
    }
}
