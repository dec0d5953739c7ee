using System.Diagnostics.CodeAnalysis;
using Tuppence.Accounting;
using Tuppence.Caching;
using Tuppence.Messages.Edits;
using Tuppence.Spending;
using Tuppence.Telemetry;
using Tuppence.Thrift;

namespace Tuppence.Exchange;

/// <summary>One request from its target to the last byte of its answer.</summary>
/// <remarks>
/// The steps, as numbered in <see cref="RunAsync"/> and below it:
/// 1 route (path to what is meant), 2 read (Messages bodies whole, others as they come), 5 choose (upstreams in order); then, for one
/// upstream after the other until one serves the request: 3 edit (declared edits as byte splices), 4 plan
/// (breakpoints of the prompt cache, into the same bytes), the translation for a provider that is not the Messages API, 6 authorize (headers for exactly that
/// origin), 7 attempt (send, and again where that is safe), 8 relay (bytes to the client); 9 record. Step 0, the guard, has run before.
/// </remarks>
/// <param name="gateway">The configuration as it was when the request came; a reload does not change a running exchange.</param>
/// <param name="context">The client's request and response.</param>
/// <param name="state">What outlives a reload: clock, drain.</param>
/// <param name="record">What is told of the request.</param>
internal sealed partial class Exchange(Gateway gateway, HttpContext context, GatewayState state, RequestRecord record)
{
    private readonly ILogger log = record.Log;

    private readonly long startedAt = state.Time.GetTimestamp();
    private PooledBody? original;
    private ClientCredential client;
    private Candidates candidates;
    private Outbound outbound;
    private Conversation? conversation;
    private CacheLevel? cacheLevel;

    /// <summary>Answers the request, one way or the other.</summary>
    public async Task RunAsync(Route route)
    {
        try
        {
            // 1 Route: done by the caller, since our own pages are told by it; the preset it names must exist.
            if (!TryPreset(route, out var preset, out var error) || (route.IsMessages && !LevelChoice.TryRead(context.Request.Headers, out cacheLevel, out error)))
            {
                await FailAsync(error);
                return;
            }

            // 2 Read
            if (route.IsMessages && HasBody)
            {
                var reading = RequestReader.ReadAsync(context.Request, gateway.Config.Limits.MaxBodyBytes);
                if (!reading.IsCompleted)
                {
                    record.Clock.Wait();
                }

                (original, error) = await reading;
                record.Clock.Work();
                if (original is null)
                {
                    await FailAsync(error!);
                    return;
                }

                record.RequestBytes = original.Length;
                record.Came(original.Bytes, gateway.Config.Ledger.Content);
            }
            else if (context.Request.ContentLength > gateway.Config.Limits.MaxUploadBytes)
            {
                await FailAsync(RequestReader.TooLarge(gateway.Config.Limits.MaxUploadBytes));
                return;
            }

            // 5 Choose. Before the edits: which apply depends on the upstream.
            client = ClientCredential.Of(context.Request.Headers, gateway.Keys.Contains);
            var facts = FactsOf(route);
            if (!gateway.Choice.TryFor(facts, out var order, out error))
            {
                await FailAsync(error);
                return;
            }

            if (MergedModels.IsAskedFor(context.Request.Method, route) && gateway.Choice.Reachable(facts) is { Count: > 1 } several)
            {
                record.Clock.Wait();
                await new MergedModels(gateway, state, context, facts).AnswerAsync(several);
                return;
            }

            candidates = InOrder(order, route);

            // 3 Edit, 6 Authorize
            (outbound, error) = await PrepareNextAsync(route, preset);
            if (error is not null)
            {
                await FailAsync(error);
                return;
            }

            if (route.IsDryRun && outbound.Body is { } edited)
            {
                Tell(outbound);
                await DryRun.AnswerAsync(context, edited, outbound.Headers, outbound.Upstream, outbound.Route);
                return;
            }

            // 6b Budget. After the plan, which knows best what the request will cost.
            if (await ReserveAsync(route) is { } unaffordable)
            {
                await FailAsync(unaffordable);
                return;
            }

            // 7 Attempt, 8 Relay, and with another upstream again from 3
            await AttemptAsync(route, preset);
        }
        catch (BadHttpRequestException e)
        {
            await FailAsync(RequestReader.Explain(e));
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            ClientLeft(route);
        }
        finally
        {
            // 9 Record, for the prompt cache; the caller does so for the sinks
            outbound.Plan?.Finish();
            record.Turn = outbound.Plan?.Account;
            record.Sent(outbound.Body?.Bytes);
            outbound.Body?.Dispose();
            original?.Dispose();
        }
    }

    private bool HasBody => context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0;

    private bool TryPreset(Route route, out Preset? preset, [NotNullWhen(false)] out GatewayError? error)
    {
        (preset, error) = (null, null);
        if (route.Preset is not null && !gateway.Presets.TryGet(route.Preset, out preset))
        {
            error = new GatewayError(ErrorKind.UnknownPreset, gateway.Presets.Unknown(route.Preset));
        }

        return error is null;
    }

    private async Task AttemptAsync(Route route, Preset? preset)
    {
        // A body that streams past can be sent once only; clients that retry by themselves are left to it.
        var maySendAgain = original is not null || !HasBody;
        var mayRetry = maySendAgain && (gateway.Config.Retry.ForRetryingClients || !context.Request.Headers.ContainsKey("x-stainless-retry-count"));
        var (retries, wasReauthorized) = (0, false);
        while (true)
        {
            var upstream = outbound.Upstream;
            await using var attempt = new Attempt(gateway, state, context, upstream, startedAt, record) { NamesUpstream = upstream != candidates.Home, Plan = outbound.Plan };
            Sending();
            if (outbound.Plan is { } planned && await planned.TakeTurnAsync(context.RequestAborted) is { Ticks: > 0 } waited)
            {
                record.Clock.Queued(waited);
                Log.FlightWaited(log, waited.TotalMilliseconds);
            }

            var fault = await attempt.SendAsync(outbound.Route, outbound.Headers, outbound.Body);
            record.Clock.Work();
            if (context.RequestAborted.IsCancellationRequested)
            {
                ClientLeft(route);
                return;
            }

            var head = fault is null ? attempt.Head : null;
            FallbackPolicy.Note(upstream.Breaker, head, fault, outbound.Secret is not null || upstream.IsClaudeCode, state.Time.GetUtcNow());

            // 6 again, once: a credential that was refused may have been replaced, and nothing of an answer has been passed on.
            if (head?.Status == 401 && outbound.Secret is not null && !wasReauthorized)
            {
                var turn = await ReauthorizeAsync(attempt, maySendAgain);
                if (turn == Turn.Over)
                {
                    return;
                }

                if (turn == Turn.Again)
                {
                    wasReauthorized = true;
                    continue;
                }
            }

            var delay = mayRetry && FallbackPolicy.MayRepeat(upstream, head)
                ? gateway.Retry.NextDelay(retries, state.Time.GetElapsedTime(startedAt), head, fault, state.Time.GetUtcNow())
                : null;
            if (delay is { } wait)
            {
                retries++;
                state.Counters.CountRetry();
                Log.Retrying(log, upstream.Name, head?.Status ?? 0, retries, wait.TotalSeconds);
                await attempt.EndAsync();
                record.Clock.Wait();
                await Task.Delay(wait, state.Time, context.RequestAborted);
                record.Clock.Work();
                continue;
            }

            // 3 and 6 for another upstream, while the answer of this one is still at hand should there be none.
            if (candidates.HaveNext && await GoOnAsync(attempt, route, preset, head, fault) == Turn.Again)
            {
                (retries, wasReauthorized) = (0, false);
                continue;
            }

            // 8 Relay
            Tell(outbound);
            if (record.Open.Reserved is { Warnings.Count: > 0 } reserved)
            {
                context.Response.Headers["x-tuppence-budget"] = BudgetText.HeaderOf(reserved.Warnings);
            }

            if (conversation is { } known && head?.Status is < 400)
            {
                state.Affinity.Remember(known.Key, upstream.Name);
            }

            fault ??= await attempt.RelayAsync(route);
            if (fault is not null)
            {
                await attempt.EndAsync();
                await FailAsync(attempt.Rejection ?? UpstreamErrors.Explain(fault, upstream));
                return;
            }

            // 9 Record
            if (context.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            var status = context.Response.StatusCode;
            Log.Answered(log, context.Request.Method, Log.PathOf(route.Target), status, upstream.Name, state.Time.GetElapsedTime(startedAt).TotalMilliseconds);
            return;
        }
    }

    /// <summary>The request is about to be sent: what is known of it by now is told.</summary>
    private void Sending()
    {
        record.Attempts++;
        record.Edits = outbound.Edits ?? "";
        record.Upstream = outbound.Upstream;
        (record.Open.Upstream, record.Open.Model) = (outbound.Upstream.Name, outbound.Model);
        if (outbound.Plan is { } plan && record.IsWatched)
        {
            record.Open.Conversation = plan.Name;
            record.WritesHour = plan.Turn.Forecast is { Write1h: > 0, Write5m: 0 };
        }

        record.Advance();
        record.Clock.Wait();
    }

    private void ClientLeft(in Route route)
    {
        record.ClientLeft();
        Log.ClientLeft(log, context.Request.Method, Log.PathOf(route.Target));
    }

    private Task FailAsync(GatewayError error)
    {
        record.Failed(error);
        Log.Failed(log, context.Request.Method, Log.PathOf(context.Request.Path.Value ?? ""), error.Status, error.Kind, error.Message);
        if (context.Response.HasStarted)
        {
            return Task.CompletedTask;
        }

        // An answer that had been begun, and was taken back, has taken it along.
        context.Response.Headers[ResponseHeaders.RequestIdName] = record.Open.Id;
        if (outbound.Upstream is { } upstream && (upstream.IsBuiltIn || (candidates.AreSeveral && upstream != candidates.Home)))
        {
            context.Response.Headers["x-tuppence-upstream"] = upstream.Name;
        }

        return ErrorResponse.WriteAsync(context, error);
    }
}
