using System.Diagnostics.CodeAnalysis;
using System.Text;
using Tuppence.Messages.Edits;
using Tuppence.Telemetry;

namespace Tuppence.Exchange;

/// <summary>One request from its target to the last byte of its answer.</summary>
/// <remarks>
/// The steps, as numbered in <see cref="RunAsync"/>:
/// 1 route (path to what is meant), 2 read (Messages bodies whole, others as they come), 3 edit (declared edits as byte splices, then the
/// translation for a provider that is not the Messages API),
/// 5 choose (upstream, and whose credential), 6 authorize (headers for exactly that origin), 7 attempt (send, and again where that is
/// safe), 8 relay (bytes to the client), 9 record. Step 0, the guard, has run before; step 4, the cache plan, stands between 3 and 7.
/// </remarks>
/// <param name="gateway">The configuration as it was when the request came; a reload does not change a running exchange.</param>
/// <param name="context">The client's request and response.</param>
/// <param name="state">What outlives a reload: clock, log, drain.</param>
internal sealed class Exchange(Gateway gateway, HttpContext context, GatewayState state)
{
    private readonly long startedAt = state.Time.GetTimestamp();
    private readonly HeaderPlan headers = new();
    private Upstream? upstream;
    private int retries;
    private bool usesOwnCredential;

    /// <summary>Answers the request, one way or the other.</summary>
    public async Task RunAsync(Route route)
    {
        PooledBody? body = null;
        try
        {
            // 1 Route: done by the caller, since our own pages are told by it; the preset it names must exist.
            if (!TryPreset(route, out var preset, out var error))
            {
                await FailAsync(error);
                return;
            }

            // 5 Choose. Before the body: which edits apply depends on the upstream.
            var client = ClientCredential.Of(context.Request.Headers, gateway.Keys.Contains);
            upstream = gateway.Choice.For(client);

            // 2 Read
            if (route.IsMessages && HasBody)
            {
                (body, error) = await RequestReader.ReadAsync(context.Request, gateway.Config.Limits.MaxBodyBytes);
                if (body is null)
                {
                    await FailAsync(error!);
                    return;
                }
            }
            else if (context.Request.ContentLength > gateway.Config.Limits.MaxUploadBytes)
            {
                await FailAsync(RequestReader.TooLarge(gateway.Config.Limits.MaxUploadBytes));
                return;
            }

            // 3 Edit
            var shaping = new Shaping(context.Request.Headers, upstream, headers);
            shaping.FilterBetas();
            if (body is not null)
            {
                var edited = shaping.Edit(body, preset, route.Surface == Surface.CountTokens);
                body = edited.Body;
                if (edited.Error is not null)
                {
                    await FailAsync(edited.Error);
                    return;
                }
            }

            // 3b Translate: what the upstream's provider takes. Nothing to do for the Messages API itself.
            if (upstream.Adapter is not null)
            {
                (route, body, error) = new Translation(context.Request.Headers, upstream.Adapter, headers, shaping).Apply(route, body);
                if (error is not null)
                {
                    await FailAsync(error);
                    return;
                }
            }

            if (gateway.Config.LogBodies && body is not null && state.Log.IsEnabled(LogLevel.Trace))
            {
                Log.RequestBody(state.Log, Encoding.UTF8.GetString(body.Bytes.Span));
            }

            if (shaping.Applied.Count > 0)
            {
                context.Response.Headers["x-tuppence-edits"] = AppliedEdit.WriteHeaderValue(shaping.Applied);
            }

            if (route.IsDryRun && body is not null)
            {
                await DryRun.AnswerAsync(context, body, headers, upstream, route);
                return;
            }

            // 6 Authorize
            (usesOwnCredential, error) = await Authorization.AddAsync(upstream, client, context.Request.Headers, headers, context.RequestAborted);
            if (error is not null)
            {
                await FailAsync(error);
                return;
            }

            // 7 Attempt, 8 Relay
            await AttemptAsync(route, body);
        }
        catch (BadHttpRequestException e)
        {
            await FailAsync(RequestReader.Explain(e));
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested && e is OperationCanceledException or IOException)
        {
            Log.ClientLeft(state.Log, context.Request.Method, Log.PathOf(route.Target));
        }
        finally
        {
            body?.Dispose();
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

    private async Task AttemptAsync(Route route, PooledBody? body)
    {
        // A body that streams past can be sent once only; clients that retry by themselves are left to it.
        var mayRetry = (body is not null || !HasBody) && (gateway.Config.Retry.ForRetryingClients || !context.Request.Headers.ContainsKey("x-stainless-retry-count"));
        while (true)
        {
            await using var attempt = new Attempt(gateway, state, context, upstream!, startedAt);
            var fault = await attempt.SendAsync(route, headers, body);
            if (context.RequestAborted.IsCancellationRequested)
            {
                Log.ClientLeft(state.Log, context.Request.Method, Log.PathOf(route.Target));
                return;
            }

            var head = fault is null ? attempt.Head : null;
            if (head?.Status == 401 && usesOwnCredential)
            {
                upstream!.Credential!.Refused();
            }

            var delay = mayRetry
                ? gateway.Retry.NextDelay(retries, state.Time.GetElapsedTime(startedAt), head, fault, state.Time.GetUtcNow())
                : null;
            if (delay is { } wait)
            {
                retries++;
                state.Counters.CountRetry();
                Log.Retrying(state.Log, upstream!.Name, head?.Status ?? 0, retries, wait.TotalSeconds);
                await attempt.EndAsync();
                await Task.Delay(wait, state.Time, context.RequestAborted);
                continue;
            }

            fault ??= await attempt.RelayAsync(route);
            if (fault is not null)
            {
                await attempt.EndAsync();
                await FailAsync(attempt.Rejection ?? UpstreamErrors.Explain(fault, upstream!));
                return;
            }

            // 9 Record
            if (context.RequestAborted.IsCancellationRequested)
            {
                return;
            }

            var status = context.Response.StatusCode;
            Log.Answered(state.Log, context.Request.Method, Log.PathOf(route.Target), status, upstream!.Name, state.Time.GetElapsedTime(startedAt).TotalMilliseconds);
            return;
        }
    }

    private Task FailAsync(GatewayError error)
    {
        Log.Failed(state.Log, context.Request.Method, Log.PathOf(context.Request.Path.Value ?? ""), error.Status, error.Kind, error.Message);
        if (upstream is { IsEmulator: true })
        {
            context.Response.Headers["x-tuppence-upstream"] = upstream.Name;
        }

        return context.Response.HasStarted ? Task.CompletedTask : ErrorResponse.WriteAsync(context, error);
    }
}
