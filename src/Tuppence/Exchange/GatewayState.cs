using System.Threading.RateLimiting;
using Tuppence.Accounting;
using Tuppence.Caching;
using Tuppence.Dashboard;
using Tuppence.Spending;
using Tuppence.State.Budgets;
using Tuppence.State.Ledger;
using Tuppence.Telemetry.Metrics;

namespace Tuppence.Exchange;

/// <summary>What lives as long as the process: clock, log, counters, drain, and the configuration in force.</summary>
public sealed class GatewayState : IDisposable
{
    private readonly CancellationTokenSource drainExpired = new();
    private readonly CancellationTokenSource stopping = new();
    private volatile Gateway current;

    /// <summary>Starts with <paramref name="gateway"/> in force.</summary>
    /// <param name="gateway">The configuration.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log of the exchange.</param>
    /// <param name="chance">At least 5 random bytes, which tell this process's request ids from those of others.</param>
    public GatewayState(Gateway gateway, TimeProvider time, ILogger log, ReadOnlySpan<byte> chance)
    {
        (current, Time, Log) = (gateway, time, log);
        Sinks = new RequestSinks(log);
        Sinks.Add(Dashboard.Live);
        Sinks.Add(Dashboard.Upstreams);
        Sinks.Add(Dashboard.Details);
        RequestIds = new RequestIds(time, chance);
        StartedAt = time.GetUtcNow();
        Affinity = new Affinity(time);
        Cache = new PromptCache(gateway.Config.Cache, gateway.Config.StateDirectory, () => current, time, log);
        Cache.Recording.Configure(gateway.Config.Cache);
        Cache.KeepAlive.Record = lineage => new RequestRecord(this, new OpenRequest(RequestIds.Next(), time.GetUtcNow(), RequestKind.KeepAlive)
        {
            Client = ProductVersion.UserAgent,
            Conversation = Conversations.Find(lineage),
        });
        Ledger = LedgerPlace.Open(gateway.Config, time, log);
        Sinks.Add(new LedgerSink(Ledger));
        Budgets = new BudgetBook(() => current.Budgets, new MemoryBudgetStore(time), StartedAt) { Crossed = state => Telemetry.Log.BudgetReached(log, BudgetText.CrossingOf(state)) };
        Cache.KeepAlive.MaySpend = amount => Budgets.HasRoom(time.GetUtcNow(), amount);
        Sinks.Add(new BudgetSink(Budgets));
        CountForMetrics(gateway);
        Admission = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = gateway.Config.Limits.MaxConcurrentRequests,
            QueueLimit = gateway.Config.Limits.MaxQueuedRequests,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
    }

    /// <summary>The configuration in force. A request reads it once and keeps what it read.</summary>
    public Gateway Current => current;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The log of the exchange.</summary>
    public ILogger Log { get; }

    /// <summary>Moment of the start.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Counts.</summary>
    public GatewayCounters Counters { get; } = new();

    /// <summary>Who hears of each request.</summary>
    internal RequestSinks Sinks { get; }

    /// <summary>Makes the ids of requests.</summary>
    internal RequestIds RequestIds { get; }

    /// <summary>Results of batches that this process has booked.</summary>
    internal RecentIds BookedResults { get; } = new();

    /// <summary>Names of conversations.</summary>
    internal ConversationNames Conversations { get; } = new();

    /// <summary>Which upstream answered a conversation last.</summary>
    public Affinity Affinity { get; }

    /// <summary>What is spent; it goes on counting when the configuration changes.</summary>
    public BudgetBook Budgets { get; }

    /// <summary>What <c>/metrics</c> tells; null where it is off.</summary>
    internal RequestMetrics? Metrics { get; private set; }

    /// <summary>The prompt-cache planner; it goes on with what it knows when the configuration changes.</summary>
    internal PromptCache Cache { get; }

    /// <summary>What the dashboard remembers.</summary>
    internal DashboardState Dashboard { get; } = new();

    /// <summary>The record of requests. Whoever stops the gateway closes it.</summary>
    public ILedger Ledger { get; }

    /// <summary>Sheds load beyond the configured number of requests.</summary>
    public RateLimiter Admission { get; }

    /// <summary>True from SIGTERM on: health says so, so that balancers send no more.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Cancelled with <see cref="IsStopping"/>: what only watches ends then, so that no drain waits for it.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>Cancelled when open answers have had their time.</summary>
    public CancellationToken DrainExpired => drainExpired.Token;

    /// <summary>Puts a reloaded configuration in force. Running requests keep theirs.</summary>
    public void Replace(Gateway gateway)
    {
        ArgumentNullException.ThrowIfNull(gateway);
        current = gateway;
        Cache.Recording.Configure(gateway.Config.Cache);
        CountForMetrics(gateway);
        LedgerPlace.Configure(Ledger, gateway.Config.Ledger);
    }

    /// <summary>Begins to stop.</summary>
    public void BeginStopping()
    {
        IsStopping = true;
        stopping.Cancel();
        Cache.KeepAlive.Stop();
    }

    /// <summary>Ends the open answers, each with an error event that says why.</summary>
    public void ExpireDrain() => drainExpired.Cancel();

    /// <summary>Has the budgets in force know what was spent before the start, as far as the ledger tells. Never fails: without it they count from the start on, and say so.</summary>
    public async Task RecallBudgetsAsync(CancellationToken cancellation = default)
    {
        if (!current.Config.Ledger.IsOn)
        {
            return;
        }

        try
        {
            await Budgets.RecallAsync(Ledger, cancellation);
        }
        catch (LedgerException e)
        {
            Telemetry.Log.BudgetsNotRecalled(Log, e.Message);
        }
    }

    private void CountForMetrics(Gateway gateway)
    {
        if (gateway.Config.Telemetry.Prometheus == Metrics is not null)
        {
            return;
        }

        if (Metrics is { } counted)
        {
            Sinks.Remove(counted);
            Metrics = null;
        }
        else
        {
            Sinks.Add(Metrics = new RequestMetrics());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        drainExpired.Dispose();
        stopping.Dispose();
        Cache.Dispose();
        Admission.Dispose();
    }
}
