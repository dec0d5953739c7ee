using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Tuppence.State.Ledger;

namespace Tuppence.State.Sqlite;

/// <summary>
/// The ledger in an SQLite database. Rows wait in a bounded queue for one writer, which commits them in batches: the first at once, the others
/// at most a tenth of a second later. What is committed survives the death of the process and of the machine. Nothing that is wrong with the disk
/// reaches a request: rows wait, and what does not fit is counted.
/// </summary>
public sealed class SqliteLedger : ILedger
{
    private const int MostInBatch = 2_000;

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenPrunings = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MostPruning = TimeSpan.FromMilliseconds(50); // While rows wait.

    private readonly SqliteLedgerOptions options;
    private readonly TimeProvider time;
    private readonly LedgerReader reader;
    private readonly Channel<LedgerEntry> queue;
    private readonly FlushWaits waits = new();
    private readonly Wakening wakening;
    private readonly LedgerTroubles troubles;
    private readonly Task writing;
    private LedgerWriter? writer;
    private LedgerFile? file;
    private long? pruned;
    private volatile bool isClosing;

    /// <summary>Begins. Nothing is opened or made before the first row.</summary>
    public SqliteLedger(SqliteLedgerOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (this.options, this.time) = (options, time);
        reader = new LedgerReader(options.Path);
        wakening = new Wakening(time);
        troubles = new LedgerTroubles(options);
        queue = Channel.CreateBounded<LedgerEntry>(new BoundedChannelOptions(options.MostWaiting) { SingleReader = true });
        (RetentionDays, MaxBytes) = (options.RetentionDays, options.MaxBytes);
        writing = Task.Run(WriteAsync);
    }

    /// <inheritdoc/>
    public string? Problem => troubles.Words;

    /// <inheritdoc/>
    public long Lost => troubles.Lost;

    /// <summary>Days after which rows are removed; 0: never. May change at any time.</summary>
    public int RetentionDays { get; set; }

    /// <summary>Size in bytes from which the oldest rows make room; 0: none. May change at any time.</summary>
    public long MaxBytes { get; set; }

    /// <inheritdoc/>
    public void Add(LedgerEntry entry)
    {
        if (queue.Writer.TryWrite(entry))
        {
            waits.Added();
        }
        else
        {
            troubles.LoseOne(isClosing);
        }
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellation)
    {
        var stored = waits.WaitAsync();
        wakening.Wake();
        return stored.WaitAsync(cancellation);
    }

    /// <inheritdoc/>
    public Task<LedgerPage> ReadAsync(LedgerQuery query, CancellationToken cancellation) => reader.ReadAsync(query, cancellation);

    /// <inheritdoc/>
    public Task<LedgerEntry?> FindAsync(string id, CancellationToken cancellation) => reader.FindAsync(id, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyCollection<string>> KnownAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation) => reader.KnownAsync(ids, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerSum>> SumAsync(LedgerQuery query, LedgerGrouping grouping, CancellationToken cancellation) => reader.SumAsync(query, grouping, cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerConversation>> ConversationsAsync(LedgerQuery query, CancellationToken cancellation) => reader.ConversationsAsync(query, cancellation);

    /// <summary>Stores what waits, as far as the disk takes it, and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        isClosing = true;
        queue.Writer.TryComplete();
        wakening.Wake();
        await writing;
        reader.Dispose();
    }

    private async Task WriteAsync()
    {
        var batch = new List<LedgerEntry>();
        while (await queue.Reader.WaitToReadAsync())
        {
            while (batch.Count < MostInBatch && queue.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            var pause = TimeSpan.FromSeconds(0.5);
            bool isStored;
            while (!(isStored = TryStore(batch)) && !isClosing)
            {
                await wakening.PauseAsync(pause, () => isClosing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }

            if (!isStored)
            {
                troubles.Lose(batch.Count);
            }

            waits.Stored(batch.Count);
            batch.Clear();
            Prune();
            await wakening.PauseAsync(Gathering, () => waits.Any || isClosing || queue.Reader.Count >= MostInBatch / 2);
        }

        Close();
    }

    // True: they need not be tried again.
    private bool TryStore(List<LedgerEntry> batch)
    {
        try
        {
            Open().Store(batch);
            troubles.End();
            return true;
        }
        catch (SqliteException e) when (LedgerWords.IsDamage(e))
        {
            SetAside();
            return false;
        }
        catch (SqliteException e) when (LedgerWords.IsOfSurroundings(e))
        {
            Close();
            troubles.Begin(LedgerWords.Of(e, options.Path));
            return false;
        }
        catch (Exception e) when (e is LedgerException or IOException or UnauthorizedAccessException)
        {
            Close();
            troubles.Begin(e.Message);
            return false;
        }
        catch (Exception e)
        {
            // A bug of ours: these rows are lost, the next ones may do.
            Close();
            troubles.Lose(batch.Count);
            troubles.Begin($"{batch.Count} rows could not be stored. This is a bug in Tuppence; please report it: {e.Message}");
            return true;
        }
    }

    private LedgerWriter Open()
    {
        if (writer is null)
        {
            if (options.Prepare?.Invoke() is { } problem)
            {
                throw new LedgerException(problem);
            }

            file = LedgerFile.Open(options.Path);
            writer = new LedgerWriter(file);
        }

        return writer;
    }

    private void Close()
    {
        writer?.Dispose();
        (writer, file) = (null, null);
    }

    private void Prune()
    {
        if (file is null || (pruned is { } last && time.GetElapsedTime(last) < BetweenPrunings) || (RetentionDays == 0 && MaxBytes == 0))
        {
            return;
        }

        try
        {
            var before = RetentionDays > 0 ? time.GetUtcNow().AddDays(-RetentionDays) : (DateTimeOffset?)null;
            var (begun, hasMore) = (time.GetTimestamp(), false);
            do
            {
                hasMore = LedgerPruning.Run(file.Connection, before, MaxBytes);
            }
            while (hasMore && !isClosing && (queue.Reader.Count == 0 || time.GetElapsedTime(begun) < MostPruning));

            pruned = hasMore ? null : time.GetTimestamp();
        }
        catch (Exception e)
        {
            // The next batch says what is wrong with the disk. Nothing may end the writer.
            Close();
            if (e is SqliteException error && LedgerWords.IsDamage(error))
            {
                SetAside();
            }
        }
    }

    private void SetAside()
    {
        Close();
        var moment = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var kept = Path.Combine(Path.GetDirectoryName(options.Path)!, $"{Path.GetFileNameWithoutExtension(options.Path)}-damaged-{moment}.db");
        try
        {
            reader.Forget();
            foreach (var part in (ReadOnlySpan<string>)["-wal", "-shm", ""])
            {
                if (File.Exists(options.Path + part))
                {
                    File.Move(options.Path + part, kept + part);
                }
            }

            troubles.SetAside(kept);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            troubles.Begin($"The ledger “{options.Path}” is damaged and cannot be set aside: {e.Message} Move it away.");
        }
    }
}
