using Tuppence.State.Ledger;

namespace Tuppence.Telemetry.Metrics;

/// <summary>What the requests of one set of labels come to. Not safe for parallel use.</summary>
internal sealed class MetricCounts
{
    /// <summary>Requests by kind, outcome and status.</summary>
    public Dictionary<(RequestKind Kind, RequestOutcome Outcome, int? Status), long> Requests { get; } = [];

    /// <summary>Tokens: input neither read nor written, cache reads, writes of five minutes and an hour, output.</summary>
    public long[] Tokens { get; } = new long[5];

    /// <summary>Nano-dollars.</summary>
    public long Cost { get; set; }

    /// <summary>Requests of unknown price.</summary>
    public long Unpriced { get; set; }

    /// <summary>Attempts beyond the first.</summary>
    public long Retries { get; set; }

    /// <summary>Counts a request.</summary>
    public void Add(LedgerEntry entry)
    {
        Requests[(entry.Kind, entry.Outcome, entry.Status)] = Requests.GetValueOrDefault((entry.Kind, entry.Outcome, entry.Status)) + 1;
        Retries += entry.Retries;
        Cost += entry.Cost?.Total ?? 0;
        if (entry.Usage is not { } usage)
        {
            return;
        }

        Unpriced += entry.Cost is null ? 1 : 0;
        Tokens[0] += usage.Input;
        Tokens[1] += usage.CacheRead;
        Tokens[2] += usage.CacheWrite5m;
        Tokens[3] += usage.CacheWrite1h;
        Tokens[4] += usage.Output;
    }
}
