using System.Text;
using Tuppence.Accounting;
using Tuppence.Caching;
using Tuppence.Messages.Edits;
using Tuppence.Messages.Requests;
using Tuppence.Spending;
using Tuppence.Telemetry;
using Tuppence.Thrift;

namespace Tuppence.Exchange;

/// <content>What makes a request ready for one upstream: edits, plan, translation, credential.</content>
internal sealed partial class Exchange
{
    private async ValueTask<(Outbound Request, GatewayError? Error)> PrepareAsync(Upstream upstream, Route route, Preset? preset)
    {
        // 3 Edit. Where there are several candidates, the body as it came is kept for the next.
        var headers = new HeaderPlan();
        var shaping = new Shaping(context.Request.Headers, upstream, headers);
        shaping.FilterBetas();
        var body = original;
        if (original is not null)
        {
            (body, var refused) = shaping.Edit(original, preset, route.Surface == Surface.CountTokens, keep: candidates.AreSeveral);
            if (refused is not null)
            {
                return (new Outbound { Upstream = upstream }, refused);
            }
        }

        // 4 Plan. Before the translation: the planner reads Messages bodies.
        PlannedRequest? plan = null;
        if (body is { } edited && route.Surface == Surface.Messages)
        {
            (body, plan, var refused) = Plan(upstream, route, preset, edited, headers, shaping);
            if (refused is not null)
            {
                return (new Outbound { Upstream = upstream }, refused);
            }
        }

        var estimate = body is not null && CostsMoney(route) ? CostEstimate.Of(body.Bytes, plan, upstream, record.Open.At) : null;
        var model = plan?.Model ?? (record.IsWatched && body is not null && BodyPeek.TryFirstModel(body.Bytes.Span, out var named) ? named : null);
        if (plan is not null && record.IsWatched)
        {
            plan.Name = state.Conversations.Of(plan.Turn.Lineage, body!.Bytes, route.Preset);
            record.Title = gateway.Config.Ledger.Content ? ConversationTitle.Of(body.Bytes) : null;
        }

        // 3b Translate: what the upstream's provider takes. Nothing to do for the Messages API itself.
        var translated = route;
        if (upstream.Adapter is { } adapter)
        {
            var translation = new Translation(context.Request.Headers, adapter, headers, shaping);
            (translated, body, var refused) = translation.Apply(route, body, keep: candidates.AreSeveral && body == original);
            if (refused is not null)
            {
                plan?.Finish();
                return (new Outbound { Upstream = upstream }, refused);
            }
        }

        if (BatchAnswer.IsAskedFor(gateway.Config, context.Request.Method, route) || HidesResults(route))
        {
            headers.Drop("accept-encoding");
        }

        if (gateway.Config.LogBodies && body is not null && log.IsEnabled(LogLevel.Trace))
        {
            Log.RequestBody(log, Encoding.UTF8.GetString(body.Bytes.Span));
        }

        if (gateway.Config.Telemetry.Propagate && record.Open.Trace?.ForUpstream() is { } parent)
        {
            headers.Clear("traceparent");
            headers.Add("traceparent", parent);
        }

        var edits = shaping.Applied.Count == 0 ? null : AppliedEdit.WriteHeaderValue(shaping.Applied);
        var request = new Outbound(upstream, translated, headers, body, edits, plan, headers.Mark, null) { Model = model, Estimate = estimate };

        // 6 Authorize
        return route.IsDryRun ? (request, null) : await AuthorizeAsync(request);
    }

    /// <summary>Whether the results of a batch could come in a coding that cannot be read, so that none of them would be booked.</summary>
    private bool HidesResults(in Route route) =>
        record.IsWatched && BatchBook.BatchOf(context.Request.Method, route) is not null && context.Request.Headers.AcceptEncoding.ToString().Contains("zstd", StringComparison.OrdinalIgnoreCase);

    private (PooledBody? Body, PlannedRequest? Plan, GatewayError? Error) Plan(Upstream upstream, Route route, Preset? preset, PooledBody body, HeaderPlan headers, Shaping shaping)
    {
        var usesClient = UpstreamChoice.IsAtHome(upstream, candidates.Home, client) && UpstreamChoice.UsesClientCredential(upstream, client);
        var (level, yields) = LevelChoice.Of(cacheLevel, preset, upstream, gateway.Config.Cache);
        if (LevelOfConversation(upstream, level, usesClient, body) is { } chosen)
        {
            (level, yields) = (chosen, false);
        }

        var keep = candidates.AreSeveral && body == original;
        if (level == CacheLevel.Off)
        {
            return (body, null, null);
        }

        if (context.Request.Headers.ContentEncoding.Count > 0)
        {
            // Nothing can be planned in bytes that cannot be read; only who asked for it must know.
            if (cacheLevel is null)
            {
                return (body, null, null);
            }

            Shaping.LetGo(body, keep);
            return (null, null, new GatewayError(
                ErrorKind.EncodedBody,
                $"The request body is compressed ({context.Request.Headers.ContentEncoding}), so its prompt cache cannot be planned as {LevelChoice.Header} asks. Send it uncompressed, or without that header."));
        }

        var (planned, plan) = state.Cache.Plan(upstream, level, yields, usesClient, context.Request.Headers, body, keep, route.IsDryRun, shaping);
        if (plan is not null)
        {
            // What the answer cost must be readable as it passes.
            headers.Drop("accept-encoding");
        }

        return (planned, plan, null);
    }

    /// <summary>The level that was chosen for the request's conversation on the dashboard, or null.</summary>
    private CacheLevel? LevelOfConversation(Upstream upstream, CacheLevel level, bool usesClient, PooledBody body)
    {
        // Who names a level in the request means that one.
        if (state.Dashboard.Levels.IsEmpty || upstream.Caching.HasNoMarkers || cacheLevel is not null || context.Request.Headers.ContentEncoding.Count > 0)
        {
            return null;
        }

        var lineage = state.Cache.LineageOf(upstream, level == CacheLevel.Off ? CacheLevel.Markers : level, usesClient, context.Request.Headers, body);
        return state.Conversations.Find(lineage) is { } name ? state.Dashboard.Levels.Of(name) : null;
    }

    private async ValueTask<(Outbound Request, GatewayError? Error)> AuthorizeAsync(Outbound request)
    {
        var isAtHome = UpstreamChoice.IsAtHome(request.Upstream, candidates.Home, client);
        record.Clock.Wait();
        var (secret, error) = await Authorization.AddAsync(request.Upstream, client, isAtHome, context.Request.Headers, request.Headers, context.RequestAborted);
        record.Clock.Work();
        if (error is not null)
        {
            request.Plan?.Finish();
            if (candidates.AreSeveral && request.Body != original)
            {
                request.Body?.Dispose();
            }
        }

        request = request with { Secret = secret };
        if (error is null && request.Plan is { } planned)
        {
            state.Cache.KeepAlive.Hold(planned.Turn);
            planned.Log = log;
            planned.Ping = state.Cache.KeepAlive.Wants(planned.Turn) ? Ping.Of(request, context.Request.Headers) : null;
        }

        return (request, error);
    }

    /// <summary>Fetches the upstream's credential anew where it has not been replaced already, and sends once more where it is another now.</summary>
    private async ValueTask<Turn> ReauthorizeAsync(Attempt attempt, bool maySendAgain)
    {
        var (credential, refused) = (outbound.Upstream.Credential!, outbound.Secret!);
        if ((await credential.GetAsync(context.RequestAborted)).Secret is { } current && current.Equals(refused))
        {
            credential.Refused(refused);
        }

        if (!maySendAgain)
        {
            return Turn.Stands;
        }

        outbound.Headers.BackTo(outbound.Shaped);
        var (request, error) = await AuthorizeAsync(outbound);
        if (error is null && request.Secret!.Equals(refused))
        {
            return Turn.Stands;
        }

        await attempt.EndAsync();
        if (error is not null)
        {
            await FailAsync(error);
            return Turn.Over;
        }

        outbound = request;
        Log.Reauthorized(log, request.Upstream.Name);
        return Turn.Again;
    }

    /// <summary>Says in the answer's head which edits were made.</summary>
    private void Tell(in Outbound request)
    {
        if (request.Edits is not null)
        {
            context.Response.Headers["x-tuppence-edits"] = request.Edits;
        }
    }

    private void Release(PooledBody? body)
    {
        if (body != original)
        {
            body?.Dispose();
        }
    }
}
