using Tuppence.Thrift.Bounds;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;
using Tuppence.Thrift.Traces;

namespace Tuppence.Thrift.Replays;

/// <summary>Sends a trace through the planner to the simulated cache, with the trace's own times, and adds up.</summary>
/// <remarks>The planner learns what was billed when a real answer would begin: nothing of the future reaches it.</remarks>
/// <param name="options">How.</param>
/// <param name="planner">The very planner that the gateway uses.</param>
public sealed class TraceReplay(ReplayOptions options, Planner planner)
{
    private const string Scope = "replay";

    private readonly CacheEngine engine = new(options.Cache);
    private readonly PromptReader reader = new(ByteTokenCounter.Instance, options.Models, options.Cache.EffortInvalidates);
    private readonly LowerBound boundOfSent = new(options.Cache.EntryModel);
    private readonly KeptText keptText = new();
    private readonly Queue<(DateTimeOffset KnownAt, PlannedTurn Turn, CacheBill Bill)> unsettled = [];
    private readonly Prompt original = new();
    private readonly Prompt planned = new();
    private long cost, uncached, tokens, read, written, forecast;
    private double kept = 1, added;
    private int requests, rejected, unread;

    /// <summary>Replays.</summary>
    /// <param name="trace">The requests in the order of their starts.</param>
    /// <param name="sent">Is told of each request as it is sent.</param>
    /// <param name="stop">Ends it early.</param>
    public ReplayResult Run(IReadOnlyList<TraceRequest> trace, Action<TraceRequest, ReadOnlyMemory<byte>>? sent = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(trace);
        foreach (var request in trace)
        {
            stop.ThrowIfCancellationRequested();
            SettleUntil(request.At);
            var body = Send(request);
            sent?.Invoke(request, body);
        }

        SettleUntil(DateTimeOffset.MaxValue);
        return new ReplayResult
        {
            Requests = requests,
            Cost = cost,
            Uncached = uncached,
            LowerBoundOfSent = boundOfSent.Cost,
            Tokens = tokens,
            ReadTokens = read,
            WrittenTokens = written,
            ReusedTokens = engine.ReusedTokens,
            KeptText = kept,
            AddedText = requests == 0 ? 0 : added / requests,
            ForecastError = cost == 0 ? 0 : ((double)forecast / cost) - 1,
            Rejected = rejected,
            Unread = unread,
        };
    }

    private ReadOnlyMemory<byte> Send(TraceRequest request)
    {
        requests++;
        if (!reader.TryRead(request.Body, original))
        {
            unread++;
            return request.Body;
        }

        var prices = options.Prices.Of(original.Model, original.Tokens);
        uncached += original.Tokens * prices.Input;
        var takesSystem = options.Models.TryFind(original.Model, out var model) && model.MidConversationSystem;
        using var plan = planner.Plan(request.Body, new PlanContext(Scope, options.Level, prices, options.MinTokensOf(original.Model), request.At, takesSystem));
        var body = new byte[plan.Length];
        plan.CopyTo(body);
        Bill(request, plan.Turn, body);
        return body;
    }

    private void Bill(TraceRequest request, PlannedTurn? turn, byte[] body)
    {
        if (!reader.TryRead(body, planned))
        {
            throw new InvalidOperationException("A planned request cannot be read any more.");
        }

        var outcome = engine.Serve(new CacheStep(Scope, planned, planned.Breakpoints, planned.Automatic, options.MinTokensOf(planned.Model), request.At));
        rejected += outcome.Rejection is null ? 0 : 1;
        var bill = outcome.Rejection is null ? outcome.Bill : new CacheBill(0, 0, 0, planned.Tokens);
        var prices = options.Prices.Of(planned.Model, planned.Tokens);
        cost += bill.Cost(prices);
        tokens += bill.Tokens;
        read += bill.Read;
        written += bill.Write5m + bill.Write1h;
        boundOfSent.Add(planned, request.At, prices);
        var (keptShare, addedShare) = keptText.Compare(original, planned);
        kept = Math.Min(kept, keptShare);
        added += addedShare;
        if (turn is not null)
        {
            forecast += turn.Forecast.Cost(prices);
            unsettled.Enqueue((request.At + options.Cache.ReadableAfter, turn, bill));
        }
    }

    private void SettleUntil(DateTimeOffset at)
    {
        while (unsettled.TryPeek(out var next) && next.KnownAt <= at)
        {
            planner.Settle(next.Turn, next.Bill);
            unsettled.Dequeue();
        }
    }
}
