using Microsoft.Data.Sqlite;
using Tuppence.State.Ledger;
using Tuppence.Thrift.Accounts;

namespace Tuppence.State.Sqlite;

/// <summary>The row that a reader stands on, as <c>select-entries.sql</c> orders its columns.</summary>
internal sealed class EntryRow(SqliteDataReader row, SqliteConnection connection, NameWords words)
{
    /// <summary>The row.</summary>
    public LedgerEntry Entry() => new()
    {
        Id = row.GetString(1),
        At = LedgerTime.Moment(row.GetInt64(2)),
        Kind = (RequestKind)row.GetInt64(3),
        Outcome = (RequestOutcome)row.GetInt64(4),
        Conversation = Text(5),
        Title = Text(50),
        Preset = Word(6),
        Key = Word(7),
        Client = Word(8),
        Upstream = Word(9),
        Platform = Word(10),
        Model = Word(11),
        Status = (int?)Number(12),
        IsStream = row.GetInt64(13) != 0,
        StopReason = Word(14),
        ErrorType = Word(15),
        ProviderId = Text(16),
        Usage = row.IsDBNull(17) ? null : Usage(),
        Cost = row.IsDBNull(28) ? null : Cost(),
        Times = new EntryTimes { Queue = row.GetInt64(34), FirstByte = Number(35), Total = row.GetInt64(36), Own = row.GetInt64(37) },
        Retries = row.GetInt32(38),
        Edits = Text(39) ?? "",
        Turn = row.IsDBNull(40) ? null : Turn(),
        RequestBytes = row.GetInt64(48),
        ResponseBytes = row.GetInt64(49),
    };

    private EntryUsage Usage() => new()
    {
        Input = row.GetInt64(17),
        CacheRead = row.GetInt64(18),
        CacheWrite5m = row.GetInt64(19),
        CacheWrite1h = row.GetInt64(20),
        Output = row.GetInt64(21),
        Thinking = Number(22),
        WebSearches = row.GetInt64(23),
        WebFetches = row.GetInt64(24),
        ServiceTier = Word(25),
        InferenceGeo = Word(26),
        IsPartial = row.GetInt64(27) != 0,
    };

    private EntryCost Cost() => new()
    {
        Input = row.GetInt64(28),
        CacheRead = row.GetInt64(29),
        CacheWrite = row.GetInt64(30),
        Output = row.GetInt64(31),
        ServerTools = row.GetInt64(32),
        WithoutCaching = row.GetInt64(33),
    };

    private EntryTurn Turn() => new()
    {
        Number = row.GetInt32(40),
        Level = Word(41) ?? "",
        Planned = row.GetInt64(42),
        Bound = row.GetInt64(43),
        Cause = (BreakCause)row.GetInt64(44),
        BrokenTokens = row.GetInt64(45),
        BrokenCost = row.GetInt64(46),
        Strip = row.IsDBNull(47) ? [] : StripBytes.Read(row.GetFieldValue<byte[]>(47)),
    };

    private string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private long? Number(int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private string? Word(int column) => words[connection, Number(column)];
}
