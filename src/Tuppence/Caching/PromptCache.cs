using Tuppence.Configuration;
using Tuppence.Exchange;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;
using Tuppence.Telemetry;
using Tuppence.Thrift;
using Tuppence.Thrift.Accounts;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Simulation;
using Tuppence.Thrift.SingleFlight;

namespace Tuppence.Caching;

/// <summary>The prompt-cache planner at work: plans requests, and tells it what their answers cost. Lives as long as the process.</summary>
internal sealed class PromptCache : IDisposable
{
    // What a broken prefix must cost to be told without being asked: a cent.
    private const long Notable = 10_000_000;

    private readonly CacheAccount account = new();
    private readonly Func<Gateway> current;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly LearnedFile? learned;

    /// <summary>Begins with what was kept, or with nothing.</summary>
    /// <param name="config">What is fixed at the start.</param>
    /// <param name="stateDirectory">Where what was learned is kept, if the configuration says so.</param>
    /// <param name="time">The clock.</param>
    /// <param name="current">The configuration in force.</param>
    /// <param name="log">Where figures go.</param>
    public PromptCache(CacheConfig config, string stateDirectory, Func<Gateway> current, TimeProvider time, ILogger log)
    {
        (this.current, this.time, this.log) = (current, time, log);
        Planner = Planners.Create(config);
        Accounts = config.RememberedTurns == 0 ? null : new CacheAccounts(new CacheAccountsOptions { TurnsKept = config.RememberedTurns });
        KeepAlive = new KeepAlive(current, time, log, OnPinged);
        Recording = new Recording(time, log);
        Flights = new SingleFlightGate(new SingleFlightOptions(), time);
        if (config.Remember)
        {
            learned = new LearnedFile(stateDirectory, Planner, time, log);
            learned.Load();
        }
    }

    /// <summary>Why each turn cost what it did; null where that is not to be remembered.</summary>
    public CacheAccounts? Accounts { get; }

    /// <summary>Pings.</summary>
    public KeepAlive KeepAlive { get; }

    /// <summary>The trace that requests are recorded in.</summary>
    public Recording Recording { get; }

    /// <summary>Holds requests back that could read what another is writing.</summary>
    public SingleFlightGate Flights { get; }

    /// <summary>Where breakpoints go, and why.</summary>
    public Planner Planner { get; }

    /// <summary>Plans a request and puts the plan into its body. Never fails: what cannot be planned goes as it is.</summary>
    /// <param name="upstream">Where it goes.</param>
    /// <param name="level">What may be done.</param>
    /// <param name="yields">Whether breakpoints of the client's own, where there are any, stand.</param>
    /// <param name="usesClient">Whether it goes with the client's own credential.</param>
    /// <param name="headers">The client's header lines.</param>
    /// <param name="body">The body after its edits. It is let go of where another takes its place.</param>
    /// <param name="keep">True where another upstream may need the body as it is: it stays untouched and is not let go of.</param>
    /// <param name="isRehearsal">True where the request is only to be shown: nothing is remembered of it.</param>
    /// <param name="shaping">Where edits are noted.</param>
    public (PooledBody Body, PlannedRequest? Planned) Plan(
        Upstream upstream, CacheLevel level, bool yields, bool usesClient, IHeaderDictionary headers, PooledBody body, bool keep, bool isRehearsal, Shaping shaping)
    {
        if (level == CacheLevel.Off)
        {
            return (body, null);
        }

        PlannedTurn? turn = null;
        try
        {
            using var plan = Planner.Read(body.Bytes);
            ModelTable.Default.TryFind(plan.Model, out var model);
            var inForce = yields && plan.BringsBreakpoints ? CacheLevel.Respect : level;
            var context = upstream.Caching.ContextOf(model, account.ScopeOf(upstream, usesClient, headers), inForce, time.GetUtcNow(), PercentOf(upstream, plan.Model)) with
            {
                IsRehearsal = isRehearsal,
                AwaitsWrites = current().Config.Cache.SingleFlight,
            };
            var recorded = Recording.Begin(body.Bytes, context);
            Planner.Plan(plan, context);
            turn = plan.Turn;
            Accounts?.Begin(plan);
            var planned = turn is null ? null : new PlannedRequest(this, turn, plan.Model, FlightTicket.For(plan)) { Recorded = recorded };
            var sent = plan.Changed ? Apply(plan, body, keep) : body;
            foreach (var edit in plan.Edits)
            {
                shaping.Note(edit);
            }

            return (sent, planned);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A bug in planning must not cost the user his answer: the request goes as it came.
            Log.PlanFailed(log, e);
            Forget(turn);
            return (body, null);
        }
    }

    /// <summary>The planner's number of the conversation that a request goes on with, or 0; as if it were planned at <paramref name="level"/>. Nothing is remembered.</summary>
    public long LineageOf(Upstream upstream, CacheLevel level, bool usesClient, IHeaderDictionary headers, PooledBody body)
    {
        try
        {
            ModelTable.Default.TryFind(BodyPeek.TryFirstModel(body.Bytes.Span, out var found) ? found : "", out var model);
            var context = upstream.Caching.ContextOf(model, account.ScopeOf(upstream, usesClient, headers), level, time.GetUtcNow()) with { IsRehearsal = true };
            using var plan = Planner.Plan(body.Bytes, context);
            return plan.Turn?.Lineage ?? 0;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.PlanFailed(log, e);
            return 0;
        }
    }

    private static int PercentOf(Upstream upstream, string model) => ModelTable.Default.PriceRules.PercentAt(upstream.Platform, upstream.IsRegional(model));

    /// <summary>Takes the outcome of a planned request, once.</summary>
    public void Finish(PlannedRequest request)
    {
        var turn = request.Turn;
        if (turn.Context.IsRehearsal)
        {
            return;
        }

        try
        {
            if (request.Usage is { HasInput: true } usage)
            {
                Settle(request, CacheBills.Of(usage.Usage, turn));
            }
            else if (request.IsServed && request.Usage is null)
            {
                // Served, but in a form that cannot be read (compressed): the forecast is the best guess.
                Settle(request, turn.Forecast);
            }
            else
            {
                Forget(turn);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.PlanFailed(log, e);
        }
    }

    private void Settle(PlannedRequest request, in CacheBill bill)
    {
        var (turn, log) = (request.Turn, request.Log ?? this.log);
        Planner.Settle(turn, bill);
        learned?.SaveSoon();
        Recording.End(request.Recorded, bill, request.Usage?.Usage.Output ?? 0, time.GetUtcNow());
        if (request.Ping is { } ping)
        {
            KeepAlive.Note(turn, ping, bill);
        }

        if (Accounts?.Settle(turn, bill) is { } told)
        {
            request.Account = told;
            var severity = told.Break.Cost >= Notable ? LogLevel.Information : LogLevel.Debug;
            if (log.IsEnabled(severity))
            {
                var words = told.ToString();
                Log.CacheAccount(log, severity, told.Conversation, words);
            }

            return;
        }

        if (log.IsEnabled(LogLevel.Debug))
        {
            Log.CacheTurn(log, turn.Lineage, CacheBills.Dollars(turn.Context.CostOf(bill)), bill.Read, bill.Write1h, bill.Write5m, bill.Uncached, CacheBills.Dollars(turn.Context.CostOf(turn.Forecast)));
        }
    }

    /// <summary>Keeps what was learned, where the configuration says so. For the end of the process, when no request is open any more.</summary>
    public void Save() => learned?.Save();

    /// <inheritdoc/>
    public void Dispose()
    {
        KeepAlive.Dispose();
        Recording.Dispose();
    }

    private void OnPinged(PlannedTurn turn, CacheBill bill, long cost, DateTimeOffset at)
    {
        Planner.Refresh(turn, bill, at);
        Accounts?.Pinged(turn, cost);
    }

    private void Forget(PlannedTurn? turn)
    {
        if (turn is not null)
        {
            Accounts?.Abandon(turn);
            Planner.Abandon(turn);
        }
    }

    /// <summary>The body as planned: where it lies if nothing was rewritten and there is room, else in one copy.</summary>
    private static PooledBody Apply(CachePlan plan, PooledBody body, bool keep)
    {
        if (!keep && plan.Source.Equals(body.Bytes) && body.TryApply(plan.Splices.Items))
        {
            return body;
        }

        var planned = new PooledBody(plan.Length);
        plan.CopyTo(planned.Reserve(plan.Length));
        planned.Advance(plan.Length);
        Shaping.LetGo(body, keep);
        return planned;
    }
}
