using Tuppence.Accounting;
using Tuppence.Exchange;
using Tuppence.Messages.Requests;
using Tuppence.Messages.Usage;
using Tuppence.State.Ledger;
using Tuppence.Telemetry;
using Tuppence.Thrift.KeepAlive;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Caching;

/// <summary>
/// Keeps the caches of conversations alive while their users pause, where that probably pays and the day's budget allows. Off unless a
/// budget is configured. Each ping is logged with its cost, and even the worst outcome of one must fit into what is left of the budget.
/// </summary>
/// <param name="current">The configuration in force.</param>
/// <param name="time">The clock; days are those of UTC.</param>
/// <param name="log">Where each ping is told.</param>
/// <param name="pinged">Takes each ping: the turn that it repeated, its bill, what that comes to in nano-dollars, when it started.</param>
internal sealed class KeepAlive(Func<Gateway> current, TimeProvider time, ILogger log, Action<PlannedTurn, CacheBill, long, DateTimeOffset> pinged) : IDisposable
{
    // Each holds a copy of its latest request.
    private const int MostConversations = 32;
    private const int LeastTokens = 20_000;

    // Beyond the longest pause that is told apart: who was away for so long has left.
    private static readonly TimeSpan Gone = TimeSpan.FromHours(8);

    private readonly Dictionary<long, KeptConversation> kept = [];
    private readonly ObservedReturns gaps = new();
    private readonly PingSender sender = new(time);
    private readonly CancellationTokenSource stopped = new();
    private readonly Lock gate = new();
    private DateOnly day;
    private long spent;
    private int sent;

    /// <summary>Pings sent since the start, and what those of today cost in nano-dollars.</summary>
    public (int Sent, long SpentToday) Figures
    {
        get
        {
            lock (gate)
            {
                Today();
                return (sent, spent);
            }
        }
    }

    /// <summary>Begins the record of a ping, by the planner's number of the conversation; null: none is kept.</summary>
    public Func<long, RequestRecord>? Record { get; set; }

    /// <summary>Whether so many nano-dollars may still be spent at all; null: they may.</summary>
    public Func<long, bool>? MaySpend { get; set; }

    private long Budget => current().Config.Cache.KeepAlivePerDay;

    /// <summary>Whether a ping of this request is worth having: pings are allowed, and it may be large enough.</summary>
    public bool Wants(PlannedTurn turn) => Budget > 0 && turn.Breakpoints.Count > 0 && turn.Forecast.Tokens >= LeastTokens && !stopped.IsCancellationRequested;

    /// <summary>A request of the conversation is under way: no ping until its bill is known.</summary>
    public void Hold(PlannedTurn turn)
    {
        lock (gate)
        {
            if (kept.TryGetValue(turn.Lineage, out var conversation))
            {
                conversation.Timer?.Dispose();
                (conversation.Timer, conversation.Ping) = (null, null);
            }
        }
    }

    /// <summary>The bill of a request is known; its cache may be kept from now on.</summary>
    public void Note(PlannedTurn turn, Ping ping, in CacheBill bill)
    {
        lock (gate)
        {
            LetGo(turn.At);
            if (!kept.TryGetValue(turn.Lineage, out var conversation))
            {
                MakeRoom();
                kept[turn.Lineage] = conversation = new KeptConversation(turn.Lineage) { Turn = turn };
            }
            else if (turn.At > conversation.LatestStart)
            {
                gaps.Returned(turn.At - conversation.LatestStart);
            }

            (conversation.Ping, conversation.Turn) = (ping, turn);
            conversation.PrefixTokens = bill.Tokens - bill.Uncached;
            conversation.TailTokens = bill.Uncached;
            conversation.Prices = turn.Context.PricesFor(bill.Tokens);
            conversation.Ttl = turn.Breakpoints.Any(static breakpoint => breakpoint.Ttl == Ttl.FiveMinutes) ? Ttl.FiveMinutes : Ttl.OneHour;
            (conversation.LatestStart, conversation.Pings) = (turn.At, 0);
            Schedule(conversation);
        }
    }

    /// <summary>Stops: nothing is sent any more, what is under way is cut off.</summary>
    public void Stop()
    {
        lock (gate)
        {
            foreach (var conversation in kept.Values)
            {
                conversation.Timer?.Dispose();
            }

            kept.Clear();
        }

        stopped.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        stopped.Dispose();
    }

    /// <summary>Counts and forgets those who did not come back.</summary>
    private void LetGo(DateTimeOffset now)
    {
        foreach (var conversation in kept.Values.Where(one => now - one.LatestStart > Gone).ToList())
        {
            gaps.Left();
            conversation.Timer?.Dispose();
            kept.Remove(conversation.Lineage);
        }
    }

    private void MakeRoom()
    {
        if (kept.Count >= MostConversations)
        {
            var oldest = kept.Values.MinBy(static one => one.LatestStart)!;
            oldest.Timer?.Dispose();
            kept.Remove(oldest.Lineage);
        }
    }

    private void Schedule(KeptConversation conversation)
    {
        conversation.Timer?.Dispose();
        conversation.Timer = null;
        if (conversation.Ping is null || stopped.IsCancellationRequested || Decide(conversation).PingAt is not { } at)
        {
            return;
        }

        var due = at - time.GetUtcNow();
        conversation.Timer = time.CreateTimer(_ => _ = PingAsync(conversation), null, due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private KeepAliveDecision Decide(KeptConversation conversation)
    {
        Today();
        var policy = new KeepAlivePolicy(new KeepAliveOptions { Budget = Budget, BudgetPerConversation = Budget, LeastTokens = LeastTokens });
        var decision = policy.Decide(conversation.Case(spent), gaps);
        return conversation.WorstCost <= Budget - spent ? decision : decision with { PingAt = null, Stop = KeepAliveStop.Budget };
    }

    private void Today()
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (today != day)
        {
            (day, spent) = (today, 0);
        }
    }

    private async Task PingAsync(KeptConversation conversation)
    {
        try
        {
            await SendAsync(conversation);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (!stopped.IsCancellationRequested)
            {
                Log.PingFailed(log, conversation.Lineage, e.Message);
            }
        }
    }

    private async Task<(TokenUsage? Usage, string? Problem)> RecordedAsync(KeptConversation conversation, Ping ping, Upstream upstream)
    {
        var record = Record?.Invoke(conversation.Lineage);
        if (record is not null)
        {
            (record.Upstream, record.WritesHour, record.Attempts, record.RequestBytes) = (upstream, conversation.Ttl == Ttl.OneHour, 1, ping.Body.Length);
            (record.Open.Upstream, record.Open.Model) = (upstream.Name, BodyPeek.TryFirstModel(ping.Body, out var model) ? model : null);
        }

        try
        {
            return await sender.SendAsync(ping, upstream, record, stopped.Token);
        }
        finally
        {
            record?.End(record.Status is null ? RequestOutcome.Unreachable : RequestOutcome.Completed);
        }
    }

    private async Task SendAsync(KeptConversation conversation)
    {
        Ping ping;
        PlannedTurn turn;
        DateTimeOffset started;
        long reserved;
        lock (gate)
        {
            // Much may have changed since the timer was set: the user is back, the budget is gone.
            if (conversation.Ping is not { } wanted || !kept.ContainsKey(conversation.Lineage) || Decide(conversation).PingAt is not { } at || at > time.GetUtcNow() + TimeSpan.FromSeconds(1)
                || MaySpend?.Invoke(conversation.WorstCost) == false)
            {
                return;
            }

            (ping, turn, reserved, started) = (wanted, conversation.Turn, conversation.WorstCost, time.GetUtcNow());
            spent += reserved;
            conversation.Pings++;
            conversation.LatestPing = started;
        }

        var upstream = current().Upstreams.FirstOrDefault(one => one.Name == ping.Upstream);
        var (usage, problem) = upstream is null ? (null, "the upstream is no longer configured") : await RecordedAsync(conversation, ping, upstream);
        lock (gate)
        {
            spent -= reserved;
            sent++;
            if (usage is not { } told)
            {
                conversation.Ping = null;
                Log.PingFailed(log, conversation.Lineage, problem!);
                return;
            }

            var hour = told.CacheWrite1h ?? (conversation.Ttl == Ttl.OneHour ? told.CacheWrite : 0);
            var bill = new CacheBill(told.CacheRead, hour, told.CacheWrite - hour, told.Uncached);
            var cost = turn.Context.CostOf(bill);
            pinged(turn, bill, cost, started);
            spent += cost;
            conversation.Spent += cost;
            Log.Pinged(log, conversation.Lineage, conversation.Pings, told.CacheRead, told.CacheWrite, CacheBills.Dollars(cost), CacheBills.Dollars(spent), CacheBills.Dollars(Budget));
            if (conversation.Ping == ping)
            {
                Schedule(conversation);
            }
        }
    }
}
