using System.Globalization;
using CsCheck;
using Tuppence.State.Ledger;
using Tuppence.Thrift.Accounts;

namespace Tuppence.Tests.Functional.Ledger;

/// <summary>Rows for tests, and their sums calculated another way.</summary>
public static class LedgerEntries
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 22, 30, 0, TimeSpan.Zero);
    private static readonly Gen<long> Count = Gen.OneOf(Gen.Long[0, 10], Gen.Long[0, 1L << 40]);
    private static readonly Gen<string> Words = Gen.String[Gen.Char["abc üß漢\"',=\r\n%_\\"], 0, 12];

    public static Gen<string> Model { get; } = Of("opus", "haiku", "sonnet");

    public static Gen<string> Key { get; } = Of("desk", "phone");

    public static Gen<LedgerEntry> Any { get; } =
        from id in Gen.Int[0, 1_000_000]
        from at in Gen.Int[0, 600]
        from kind in Gen.Enum<RequestKind>()
        from outcome in Gen.Frequency((5, Gen.Const(RequestOutcome.Completed)), (1, Gen.Enum<RequestOutcome>()))
        from conversation in Of<string?>("c0", "c1", null)
        from model in Model.Null()
        from key in Key.Null()
        from upstream in Of<string?>("anthropic", "bedrock", null)
        from preset in Words.Null()
        from client in Words.Null()
        from status in Gen.Nullable(Gen.Int[200, 529])
        from usage in Usage.Null()
        from cost in Cost.Null()
        from turn in Turn.Null()
        from text in Words
        from flag in Gen.Bool
        from bytes in Count
        select Bare($"id{id.ToString("D7", CultureInfo.InvariantCulture)}", Start.AddSeconds(at * 37).AddMicroseconds(id)) with
        {
            Kind = kind,
            Outcome = outcome,
            Conversation = conversation,
            Title = conversation is null ? null : "Title of " + conversation,
            Model = model,
            Key = key,
            Upstream = upstream,
            Preset = preset,
            Client = client,
            Status = status,
            Usage = usage,
            Cost = usage is null ? null : cost,
            Turn = turn,
            Edits = text,
            IsStream = flag,
            RequestBytes = bytes,
        };

    private static Gen<EntryUsage> Usage =>
        from input in Count
        from read in Count
        from five in Count
        from hour in Count
        from output in Count
        from thinking in Gen.Nullable(Count)
        from tier in Of<string?>("standard", "batch", null)
        from partial in Gen.Bool
        select new EntryUsage { Input = input, CacheRead = read, CacheWrite5m = five, CacheWrite1h = hour, Output = output, Thinking = thinking, ServiceTier = tier, IsPartial = partial };

    private static Gen<EntryCost> Cost =>
        Gen.Select(Count, Count, Count, Count, Count, Count, static (a, b, c, d, e, f) => new EntryCost { Input = a, CacheRead = b, CacheWrite = c, Output = d, ServerTools = e, WithoutCaching = f });

    private static Gen<EntryTurn> Turn =>
        from number in Gen.Int[1, 5000]
        from bound in Count
        from cause in Gen.Enum<BreakCause>()
        from runs in Gen.Select(Gen.Enum<PromptRunKind>(), Gen.Int[0, int.MaxValue], static (kind, tokens) => new PromptRun(kind, tokens)).List[0, 6]
        select new EntryTurn { Number = number, Level = "markers", Planned = bound + 1, Bound = bound, Cause = cause, BrokenTokens = bound / 2, BrokenCost = bound / 3, Strip = runs };

    /// <summary>One of a few.</summary>
    public static Gen<T> Of<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    public static LedgerEntry Bare(string id, DateTimeOffset at) => new()
    {
        Id = id,
        At = at,
        Kind = RequestKind.Message,
        Outcome = RequestOutcome.Completed,
        Status = 200,
        Times = new EntryTimes { Total = 1_000 },
    };

    /// <summary>The sums of rows, by the words of the contract.</summary>
    public static IEnumerable<LedgerSum> Sums(IEnumerable<LedgerEntry> rows, LedgerQuery query, LedgerGrouping grouping)
    {
        var of = rows.Where(row =>
            !(row.At < query.From) && !(row.At >= query.Until) && (query.Model ?? row.Model) == row.Model && (query.Key ?? row.Key) == row.Key
            && (query.Conversation ?? row.Conversation) == row.Conversation && (!query.FailedOnly || Failed(row))).ToList();
        return grouping == LedgerGrouping.Total ? [SumOf(null, of)] : of.GroupBy(row => GroupOf(row, grouping), StringComparer.Ordinal).Select(static group => SumOf(group.Key, [.. group]));
    }

    private static LedgerSum SumOf(string? group, List<LedgerEntry> rows) => new()
    {
        Group = group,
        Requests = rows.Count,
        Failed = rows.Count(Failed),
        Unpriced = rows.Count(static row => row.Usage is not null && row.Cost is null),
        Input = rows.Sum(static row => row.Usage?.Input ?? 0),
        CacheRead = rows.Sum(static row => row.Usage?.CacheRead ?? 0),
        CacheWrite5m = rows.Sum(static row => row.Usage?.CacheWrite5m ?? 0),
        CacheWrite1h = rows.Sum(static row => row.Usage?.CacheWrite1h ?? 0),
        Output = rows.Sum(static row => row.Usage?.Output ?? 0),
        Cost = rows.Sum(static row => row.Cost is { } cost ? cost.Input + cost.CacheRead + cost.CacheWrite + cost.Output + cost.ServerTools : 0),
        WithoutCaching = rows.Sum(static row => row.Cost?.WithoutCaching ?? 0),
        Bound = rows.Sum(static row => row.Cost is not { } cost ? 0
            : row.Turn is { } turn ? turn.Bound + cost.Output + cost.ServerTools
            : cost.Input + cost.CacheRead + cost.CacheWrite + cost.Output + cost.ServerTools),
    };

    private static bool Failed(LedgerEntry row) => row.Outcome != RequestOutcome.Completed || row.Status >= 400;

    private static string? GroupOf(LedgerEntry row, LedgerGrouping grouping) => grouping switch
    {
        LedgerGrouping.Hour => row.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH':00:00Z'", CultureInfo.InvariantCulture),
        LedgerGrouping.Day => row.At.UtcDateTime.ToString("yyyy-MM-dd'T00:00:00Z'", CultureInfo.InvariantCulture),
        LedgerGrouping.Model => row.Model,
        LedgerGrouping.Conversation => row.Conversation,
        LedgerGrouping.Key => row.Key,
        LedgerGrouping.Preset => row.Preset,
        _ => row.Upstream,
    };
}
