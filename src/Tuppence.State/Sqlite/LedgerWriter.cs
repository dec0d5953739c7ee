using Microsoft.Data.Sqlite;
using Tuppence.State.Ledger;

namespace Tuppence.State.Sqlite;

/// <summary>Puts rows into the database, and the sums of their hours with them, a transaction for each batch. For one thread at a time.</summary>
internal sealed class LedgerWriter : IDisposable
{
    private readonly LedgerFile file;
    private readonly EntryInsert insert;
    private readonly SqliteCommand conversation;
    private readonly SqliteCommand name;
    private readonly SqliteCommand hour;
    private readonly Dictionary<string, long> names = new(StringComparer.Ordinal);
    private readonly Dictionary<(long Hour, long Model, long Preset, long Key, long Upstream), LedgerTally> hours = [];

    /// <summary>A writer of an open database, which it closes at its end.</summary>
    public LedgerWriter(LedgerFile file)
    {
        this.file = file;
        insert = new EntryInsert(file.Connection);
        conversation = Prepare("upsert-conversation", "$name", "$title", "$at", "$model", "$client");
        name = Prepare("insert-name", "$text");
        hour = Prepare("upsert-hour", "$hour", "$model", "$preset", "$key", "$upstream", "$requests", "$failed", "$unpriced", "$input", "$cache_read", "$cache_write_5m", "$cache_write_1h", "$output", "$cost", "$without_caching", "$bound");
    }

    /// <summary>Stores rows; those whose id is there already are left out. After an exception nothing of them is stored and the writer is of no more use.</summary>
    public void Store(IReadOnlyList<LedgerEntry> entries)
    {
        hours.Clear();
        using var transaction = file.Connection.BeginTransaction();
        Assign(transaction);
        foreach (var entry in entries)
        {
            StoreOne(entry);
        }

        foreach (var ((of, model, preset, key, upstream), tally) in hours)
        {
            Set(hour, of, model, preset, key, upstream, tally.Requests, tally.Failed, tally.Unpriced, tally.Input, tally.CacheRead, tally.CacheWrite5m, tally.CacheWrite1h, tally.Output, tally.Cost, tally.WithoutCaching, tally.Bound);
            hour.ExecuteNonQuery();
        }

        transaction.Commit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        insert.Dispose();
        conversation.Dispose();
        name.Dispose();
        hour.Dispose();
        file.Dispose();
    }

    private void StoreOne(LedgerEntry entry)
    {
        var (model, preset, key, upstream, client) = (NameOf(entry.Model), NameOf(entry.Preset), NameOf(entry.Key), NameOf(entry.Upstream), NameOf(entry.Client));
        long? of = null;
        if (entry.Conversation is { } text)
        {
            Set(conversation, text, entry.Title, LedgerTime.Of(entry.At), model, client);
            of = (long)conversation.ExecuteScalar()!;
        }

        if (!insert.Store(entry, of, new EntryNames(preset, key, client, upstream, model, NameOf)))
        {
            return;
        }

        var place = (LedgerTime.HourOf(entry.At), model ?? 0, preset ?? 0, key ?? 0, upstream ?? 0);
        if (!hours.TryGetValue(place, out var tally))
        {
            hours[place] = tally = new LedgerTally();
        }

        tally.Add(entry);
    }

    private long? NameOf(string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (names.TryGetValue(text, out var id))
        {
            return id;
        }

        // Names of clients come from anywhere; memory is not to grow with them.
        if (names.Count >= 4096)
        {
            names.Clear();
        }

        Set(name, text);
        return names[text] = (long)name.ExecuteScalar()!;
    }

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        var command = file.Connection.CreateCommand();
        command.CommandText = SqlText.Of(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        }

        return command;
    }

    private void Assign(SqliteTransaction transaction)
    {
        insert.Assign(transaction);
        conversation.Transaction = transaction;
        name.Transaction = transaction;
        hour.Transaction = transaction;
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
