namespace Tuppence.State.Ledger;

/// <summary>Adds rows up.</summary>
internal sealed class LedgerTally
{
    public long Requests { get; private set; }

    public long Failed { get; private set; }

    public long Unpriced { get; private set; }

    public long Input { get; private set; }

    public long CacheRead { get; private set; }

    public long CacheWrite5m { get; private set; }

    public long CacheWrite1h { get; private set; }

    public long Output { get; private set; }

    public long Cost { get; private set; }

    public long WithoutCaching { get; private set; }

    public long Bound { get; private set; }

    /// <summary>Adds a row.</summary>
    public void Add(LedgerEntry entry)
    {
        Requests++;
        Failed += entry.IsFailed ? 1 : 0;
        Unpriced += entry is { Usage: not null, Cost: null } ? 1 : 0;
        if (entry.Usage is { } usage)
        {
            Input += usage.Input;
            CacheRead += usage.CacheRead;
            CacheWrite5m += usage.CacheWrite5m;
            CacheWrite1h += usage.CacheWrite1h;
            Output += usage.Output;
        }

        if (entry.Cost is { } cost)
        {
            Cost += cost.Total;
            WithoutCaching += cost.WithoutCaching;
            Bound += entry.Turn is { } turn ? turn.Bound + cost.Output + cost.ServerTools : cost.Total;
        }
    }

    /// <summary>Adds what was added up before.</summary>
    public void Add(LedgerSum sum)
    {
        Requests += sum.Requests;
        Failed += sum.Failed;
        Unpriced += sum.Unpriced;
        Input += sum.Input;
        CacheRead += sum.CacheRead;
        CacheWrite5m += sum.CacheWrite5m;
        CacheWrite1h += sum.CacheWrite1h;
        Output += sum.Output;
        Cost += sum.Cost;
        WithoutCaching += sum.WithoutCaching;
        Bound += sum.Bound;
    }

    /// <summary>The sum so far.</summary>
    public LedgerSum Sum(string? group) => new()
    {
        Group = group,
        Requests = Requests,
        Failed = Failed,
        Unpriced = Unpriced,
        Input = Input,
        CacheRead = CacheRead,
        CacheWrite5m = CacheWrite5m,
        CacheWrite1h = CacheWrite1h,
        Output = Output,
        Cost = Cost,
        WithoutCaching = WithoutCaching,
        Bound = Bound,
    };
}
