using Microsoft.Data.Sqlite;
using Tuppence.State.Ledger;

namespace Tuppence.State.Sqlite;

/// <summary>The statement that adds a row, and what becomes of each member of one.</summary>
internal sealed class EntryInsert : IDisposable
{
    private readonly SqliteCommand command;
    private int next;

    /// <summary>Makes it ready.</summary>
    public EntryInsert(SqliteConnection connection)
    {
        command = connection.CreateCommand();
        command.CommandText = SqlText.Of("insert-entry");
    }

    /// <summary>Runs in this transaction from now on.</summary>
    public void Assign(SqliteTransaction transaction) => command.Transaction = transaction;

    /// <summary>Adds a row; false where its id is there already.</summary>
    public bool Store(LedgerEntry entry, long? conversation, EntryNames names)
    {
        next = 0;
        Set("$id", entry.Id);
        Set("$at", LedgerTime.Of(entry.At));
        Set("$kind", (long)entry.Kind);
        Set("$outcome", (long)entry.Outcome);
        Set("$conversation", conversation);
        Set("$preset", names.Preset);
        Set("$key", names.Key);
        Set("$client", names.Client);
        Set("$upstream", names.Upstream);
        Set("$platform", names.Of(entry.Platform));
        Set("$model", names.Model);
        Set("$status", entry.Status);
        Set("$stream", entry.IsStream ? 1L : 0L);
        Set("$stop_reason", names.Of(entry.StopReason));
        Set("$error_type", names.Of(entry.ErrorType));
        Set("$provider_id", entry.ProviderId);
        SetUsage(entry.Usage, names);
        SetCost(entry.Cost);
        Set("$queue_time", entry.Times.Queue);
        Set("$first_byte_time", entry.Times.FirstByte);
        Set("$total_time", entry.Times.Total);
        Set("$own_time", entry.Times.Own);
        Set("$retries", entry.Retries);
        Set("$edits", entry.Edits.Length == 0 ? null : entry.Edits);
        SetTurn(entry.Turn, names);
        Set("$request_bytes", entry.RequestBytes);
        Set("$response_bytes", entry.ResponseBytes);
        return command.ExecuteNonQuery() > 0;
    }

    /// <inheritdoc/>
    public void Dispose() => command.Dispose();

    private void SetUsage(EntryUsage? usage, EntryNames names)
    {
        Set("$input", usage?.Input);
        Set("$cache_read", usage?.CacheRead);
        Set("$cache_write_5m", usage?.CacheWrite5m);
        Set("$cache_write_1h", usage?.CacheWrite1h);
        Set("$output", usage?.Output);
        Set("$thinking", usage?.Thinking);
        Set("$web_searches", usage?.WebSearches);
        Set("$web_fetches", usage?.WebFetches);
        Set("$service_tier", names.Of(usage?.ServiceTier));
        Set("$inference_geo", names.Of(usage?.InferenceGeo));
        Set("$partial", usage is null ? null : usage.IsPartial ? 1L : 0L);
    }

    private void SetCost(EntryCost? cost)
    {
        Set("$cost_input", cost?.Input);
        Set("$cost_cache_read", cost?.CacheRead);
        Set("$cost_cache_write", cost?.CacheWrite);
        Set("$cost_output", cost?.Output);
        Set("$cost_server_tools", cost?.ServerTools);
        Set("$cost_without_caching", cost?.WithoutCaching);
    }

    private void SetTurn(EntryTurn? turn, EntryNames names)
    {
        Set("$turn", turn?.Number);
        Set("$level", names.Of(turn?.Level));
        Set("$planned", turn?.Planned);
        Set("$bound", turn?.Bound);
        Set("$cause", (long?)turn?.Cause);
        Set("$broken_tokens", turn?.BrokenTokens);
        Set("$broken_cost", turn?.BrokenCost);
        Set("$strip", turn is null ? null : StripBytes.Write(turn.Strip));
    }

    // The order is always the same, so that nothing is looked up.
    private void Set(string name, object? value)
    {
        if (next == command.Parameters.Count)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        command.Parameters[next++].Value = value ?? DBNull.Value;
    }
}
