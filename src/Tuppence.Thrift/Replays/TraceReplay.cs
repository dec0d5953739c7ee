using System.Globalization;
using Tuppence.Thrift.Bounds;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Recording;
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

    /// <summary>Is told of each request that was billed: its blocks as sent, its plan if it has one, its outcome.</summary>
    public Action<Prompt, PlannedTurn?, CacheOutcome>? Served { get; init; }

    /// <summary>Replays. One replay is for one trace.</summary>
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

        return Sum();
    }

    /// <summary>Replays a content-free recording, whoever shared a cache sharing one here.</summary>
    /// <param name="recording">The requests in the order of their starts.</param>
    /// <param name="stop">Ends it early.</param>
    /// <exception cref="ArgumentException">The level needs the text of the requests.</exception>
    public ReplayResult Run(IReadOnlyList<RecordedRequest> recording, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        if (options.Level > CacheLevel.Markers)
        {
            throw new ArgumentException("A content-free recording can be replayed at the levels off, respect and markers; the others rewrite text, which it does not hold.", nameof(recording));
        }

        foreach (var request in recording)
        {
            stop.ThrowIfCancellationRequested();
            var at = DateTimeOffset.UnixEpoch + request.At;
            SettleUntil(at);
            Send(request, at);
        }

        return Sum();
    }

    private ReplayResult Sum()
    {
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

        using var plan = planner.Plan(request.Body, ContextOf(original, Scope, request.At));
        var body = new byte[plan.Length];
        plan.CopyTo(body);
        if (!reader.TryRead(body, planned))
        {
            throw new InvalidOperationException("A planned request cannot be read any more.");
        }

        Bill(new CacheStep(Scope, planned, planned.Breakpoints, planned.Automatic, options.MinTokensOf(planned.Model), request.At), plan.Turn);
        var (keptShare, addedShare) = keptText.Compare(original, planned);
        kept = Math.Min(kept, keptShare);
        added += addedShare;
        return body;
    }

    private void Send(RecordedRequest request, DateTimeOffset at)
    {
        requests++;
        var scope = request.Scope.ToString("x32", CultureInfo.InvariantCulture);
        RecordedPrompt.Fill(request, planned);
        RecordedPrompt.Fill(request, original, options.TokenError);
        var context = ContextOf(planned, scope, at);
        var turn = options.Level == CacheLevel.Off ? null : planner.Breakpoints.Plan(original, context);
        var isPlaced = options.Level == CacheLevel.Markers;
        Bill(new CacheStep(scope, planned, isPlaced ? turn!.Placed : planned.Breakpoints, isPlaced ? null : planned.Automatic, context.MinTokens, at), turn);
    }

    /// <summary>The context of a request as it came, which is counted as uncached.</summary>
    private PlanContext ContextOf(Prompt prompt, string scope, DateTimeOffset at)
    {
        var prices = options.Prices.Of(prompt.Model, prompt.Tokens);
        uncached += prompt.Tokens * prices.Input;
        var takesSystem = options.Models.TryFind(prompt.Model, out var model) && model.MidConversationSystem;
        return new PlanContext(scope, options.Level, prices, options.MinTokensOf(prompt.Model), at, takesSystem);
    }

    private void Bill(in CacheStep step, PlannedTurn? turn)
    {
        var outcome = engine.Serve(step);
        rejected += outcome.Rejection is null ? 0 : 1;
        var bill = outcome.Rejection is null ? outcome.Bill : new CacheBill(0, 0, 0, planned.Tokens);
        var prices = options.Prices.Of(planned.Model, planned.Tokens);
        cost += bill.Cost(prices);
        tokens += bill.Tokens;
        read += bill.Read;
        written += bill.Write5m + bill.Write1h;
        boundOfSent.Add(planned, step.At, prices);
        if (turn is not null)
        {
            forecast += turn.Forecast.Cost(prices);
            unsettled.Enqueue((step.At + options.Cache.ReadableAfter, turn, bill));
        }

        Served?.Invoke(planned, turn, outcome);
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
