using Tuppence.Accounting;
using Tuppence.Exchange;
using Tuppence.State.Budgets;
using Tuppence.State.Ledger;

namespace Tuppence.Telemetry.Metrics;

/// <summary>Counts requests for <c>/metrics</c>, from the moment that the configuration asks for it. Safe for parallel use.</summary>
internal sealed class RequestMetrics : IRequestSink
{
    private static readonly string[] TokenTypes = ["input", "cache_read", "cache_write_5m", "cache_write_1h", "output"];
    private static readonly long[] Waits = [50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 30_000_000, 60_000_000, 120_000_000, 300_000_000, 600_000_000];
    private static readonly long[] Shares = [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000];

    private readonly Lock guard = new();
    private readonly ModelLabels models = new();
    private readonly Dictionary<MetricLabels, MetricCounts> counts = [];
    private readonly Dictionary<(string Model, string Upstream), (Buckets Total, Buckets FirstByte, Buckets Own)> durations = [];

    /// <inheritdoc/>
    public void Began(OpenRequest request)
    {
    }

    /// <inheritdoc/>
    public void Advanced(OpenRequest request)
    {
    }

    /// <inheritdoc/>
    public void Ended(OpenRequest request, LedgerEntry entry)
    {
        // What was never sent names what the client made up.
        var wasSent = entry.Upstream is not null;
        var labels = new MetricLabels(wasSent ? models.Of(entry.Model) : "", entry.Upstream ?? "", wasSent ? entry.Preset ?? "" : "", entry.Key ?? "");
        lock (guard)
        {
            if (!counts.TryGetValue(labels, out var mine))
            {
                counts[labels] = mine = new MetricCounts();
            }

            mine.Add(entry);
            if (!wasSent || !GenAi.IsChat(entry.Kind))
            {
                return;
            }

            if (!durations.TryGetValue((labels.Model, labels.Upstream), out var times))
            {
                durations[(labels.Model, labels.Upstream)] = times = (new Buckets(Waits), new Buckets(Waits), new Buckets(Shares));
            }

            times.Total.Add(entry.Times.Total);
            times.Own.Add(entry.Times.Own);
            if (entry.Times.FirstByte is { } first)
            {
                times.FirstByte.Add(first);
            }
        }
    }

    /// <summary>The page.</summary>
    public byte[] Write(GatewayState state)
    {
        var text = new PrometheusText();
        text.Family("tuppence_build_info", "gauge", "Version of the gateway.");
        text.Sample("tuppence_build_info", 1, ("version", ProductVersion.Text));
        text.Family("tuppence_start_time_seconds", "gauge", "When the gateway started, in seconds since 1970.");
        text.Sample("tuppence_start_time_seconds", state.StartedAt.ToUnixTimeMilliseconds() / 1000m);
        text.Family("tuppence_open_requests", "gauge", "Requests being answered now.");
        text.Sample("tuppence_open_requests", state.Counters.Open);
        text.Family("tuppence_fallbacks_total", "counter", "Requests that went on to another upstream.");
        text.Sample("tuppence_fallbacks_total", state.Counters.Fallbacks);
        lock (guard)
        {
            WriteCounts(text);
            WriteDurations(text);
        }

        WriteBudgets(text, state.Budgets.States(state.Time.GetUtcNow()));
        return text.ToUtf8();
    }

    private void WriteCounts(PrometheusText text)
    {
        text.Family("tuppence_requests_total", "counter", "Requests, by how they ended.");
        foreach (var (labels, mine) in counts)
        {
            foreach (var ((kind, outcome, status), count) in mine.Requests)
            {
                text.Sample("tuppence_requests_total", count, ("kind", GenAi.KindOf(kind)), ("outcome", GenAi.OutcomeOf(outcome)), ("status", status?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                    ("model", labels.Model), ("upstream", labels.Upstream), ("preset", labels.Preset), ("key", labels.Key));
            }
        }

        text.Family("tuppence_tokens_total", "counter", "Tokens that answers reported.");
        foreach (var (labels, mine) in counts)
        {
            for (var i = 0; i < TokenTypes.Length; i++)
            {
                if (mine.Tokens[i] > 0)
                {
                    text.Sample("tuppence_tokens_total", mine.Tokens[i], ("type", TokenTypes[i]), ("model", labels.Model), ("upstream", labels.Upstream), ("preset", labels.Preset), ("key", labels.Key));
                }
            }
        }

        Write(text, "tuppence_cost_dollars_total", "What answers cost, at known prices, in US dollars.", static mine => mine.Cost / 1_000_000_000m);
        Write(text, "tuppence_unpriced_requests_total", "Requests with usage whose price is not known.", static mine => mine.Unpriced);
        Write(text, "tuppence_retries_total", "Attempts beyond the first.", static mine => mine.Retries);
    }

    private void Write(PrometheusText text, string name, string help, Func<MetricCounts, decimal> value)
    {
        text.Family(name, "counter", help);
        foreach (var (labels, mine) in counts)
        {
            if (value(mine) is > 0 and var amount)
            {
                text.Sample(name, amount, ("model", labels.Model), ("upstream", labels.Upstream), ("preset", labels.Preset), ("key", labels.Key));
            }
        }
    }

    private void WriteDurations(PrometheusText text)
    {
        Write(text, "tuppence_request_duration_seconds", "From a request's arrival to the end of its answer.", static times => times.Total);
        Write(text, "tuppence_first_byte_seconds", "From a request's arrival to the first byte of its answer.", static times => times.FirstByte);
        Write(text, "tuppence_overhead_seconds", "The gateway's own share of the time to the first byte.", static times => times.Own);
    }

    private void Write(PrometheusText text, string name, string help, Func<(Buckets Total, Buckets FirstByte, Buckets Own), Buckets> which)
    {
        text.Family(name, "histogram", help);
        foreach (var ((model, upstream), times) in durations)
        {
            text.Histogram(name, which(times), ("model", model), ("upstream", upstream));
        }
    }

    private static void WriteBudgets(PrometheusText text, IReadOnlyList<BudgetState> budgets)
    {
        text.Family("tuppence_budget_spent_dollars", "gauge", "What is spent of a budget, in US dollars.");
        foreach (var budget in budgets)
        {
            text.Sample("tuppence_budget_spent_dollars", budget.Amounts.Spent / 1_000_000_000m, ("budget", budget.Account.Name), ("period", PeriodOf(budget)));
        }

        text.Family("tuppence_budget_limit_dollars", "gauge", "The limits of a budget, in US dollars.");
        foreach (var budget in budgets)
        {
            foreach (var (name, limit) in ((string, long?)[])[("soft", budget.Limit.Soft), ("hard", budget.Limit.Hard)])
            {
                if (limit is { } amount)
                {
                    text.Sample("tuppence_budget_limit_dollars", amount / 1_000_000_000m, ("budget", budget.Account.Name), ("period", PeriodOf(budget)), ("limit", name));
                }
            }
        }
    }

    private static string PeriodOf(BudgetState budget) => budget.Account.Window.Period == BudgetPeriod.Day ? "day" : "month";
}
