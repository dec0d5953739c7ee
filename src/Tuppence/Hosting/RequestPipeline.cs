using Microsoft.AspNetCore.Http.Features;
using Tuppence.Accounting;
using Tuppence.Dashboard;
using Tuppence.Endpoints;
using Tuppence.Exchange;
using Tuppence.Guard;
using Tuppence.SignIn;
using Tuppence.State.Ledger;
using Tuppence.Telemetry;

namespace Tuppence.Hosting;

/// <summary>The way of every request: route, guard, admission, then a page of our own or an exchange.</summary>
internal sealed class RequestPipeline(GatewayState state, SignInDesk? desk = null)
{
    private static readonly GatewayError Bug = new(ErrorKind.Bug, "Tuppence failed while handling this request; its log says more. This is a bug: please report it.");

    private readonly DashboardApi dashboard = new(state, desk);

    /// <summary>Answers one request. Never throws but for a client that left.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var gateway = state.Current;
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var isRouted = Router.TryMatch(target, out var route, out var unrouted);
        if (gateway.Config.Telemetry.Prometheus && route.Surface == Surface.Relay && Log.PathOf(route.Target) == "/metrics")
        {
            route = route with { Surface = Surface.Metrics };
        }

        if ((gateway.Guard.Check(context, route) ?? unrouted) is { } refused)
        {
            await RefuseAsync(context, target, refused, state.Log);
            return;
        }

        if (!route.IsOwnPagesOnly && gateway.Guard.AllowedOrigin(context.Request) is { } origin)
        {
            CrossOrigin.Allow(context, origin);
            if (CrossOrigin.IsPreflight(context.Request))
            {
                CrossOrigin.AnswerPreflight(context);
                return;
            }
        }

        try
        {
            await (route.Surface switch
            {
                Surface.FrontPage => FrontPage.AnswerAsync(context, gateway, state, desk),
                Surface.Health => Health.AnswerAsync(context, gateway, state),
                Surface.Docs => Docs.AnswerAsync(context, route.Target["/docs/".Length..]),
                Surface.SignIn => SignInEndpoint.AnswerAsync(context, gateway, desk),
                Surface.Cache => CachePage.AnswerAsync(context, state),
                Surface.Budgets => BudgetPage.AnswerAsync(context, state),
                Surface.Metrics => MetricsPage.AnswerAsync(context, state),
                Surface.Asset => Assets.AnswerAsync(context),
                Surface.DashboardApi => dashboard.AnswerAsync(context, gateway, route),
                Surface.DashboardApp => DashboardApp.Shipped.AnswerAsync(context, route.Target),
                _ => AdmitAsync(context, gateway, route),
            });
        }
        catch (Exception e) when (!context.RequestAborted.IsCancellationRequested)
        {
            Log.Bug(state.Log, e);
            if (!context.Response.HasStarted)
            {
                context.Response.Clear();
                await ErrorResponse.WriteAsync(context, Bug);
            }
            else
            {
                context.Abort();
            }
        }
    }

    private async Task AdmitAsync(HttpContext context, Gateway gateway, Route route)
    {
        var record = Begin(context, gateway, route);
        try
        {
            await AdmitAsync(context, gateway, route, record);
        }
        catch (Exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            record.Failed(Bug);
            throw;
        }
        finally
        {
            End(context, record);
        }
    }

    private void End(HttpContext context, RequestRecord record)
    {
        try
        {
            state.Dashboard.Details.Add(record.Open.Id, context, record.TakeBodies());
            if (record is { Open.Conversation: { } conversation, Turn: { } turn })
            {
                state.Dashboard.Numbers.Note(conversation, turn.Conversation);
            }
        }
        finally
        {
            // Whatever becomes of what the dashboard shows, the row is written and what no sink has settled was not spent.
            record.End(context);
            record.Open.Reserved?.Dispose();
        }
    }

    private async Task AdmitAsync(HttpContext context, Gateway gateway, Route route, RequestRecord record)
    {
        var asked = state.Time.GetTimestamp();
        record.Clock.Wait();
        using var admitted = await state.Admission.AcquireAsync(1, context.RequestAborted);
        record.Clock.Work();
        if (!admitted.IsAcquired)
        {
            var error = new GatewayError(
                ErrorKind.Overloaded,
                $"This gateway already works on {gateway.Config.Limits.MaxConcurrentRequests} requests with {gateway.Config.Limits.MaxQueuedRequests} waiting. Try again in a moment, or raise limits.max_concurrent_requests.");
            record.Failed(error);
            await RefuseAsync(context, route.Target, error, record.Log);
            return;
        }

        record.Clock.Queued(state.Time.GetElapsedTime(asked));
        state.Counters.Begin();
        try
        {
            await new Exchange.Exchange(gateway, context, state, record).RunAsync(route);
        }
        finally
        {
            state.Counters.End();
        }
    }

    private RequestRecord Begin(HttpContext context, Gateway gateway, in Route route)
    {
        var id = state.RequestIds.Next();
        context.Response.Headers[ResponseHeaders.RequestIdName] = id;
        var kind = route switch
        {
            { IsDryRun: true } => RequestKind.Other,
            { Surface: Surface.Messages } => RequestKind.Message,
            { Surface: Surface.CountTokens } => RequestKind.CountTokens,
            _ => RequestKind.Other,
        };
        return new RequestRecord(state, new OpenRequest(id, state.Time.GetUtcNow(), kind)
        {
            Preset = route.Preset,
            Key = gateway.Keys.NameOf(context.Request.Headers),
            Client = ClientName.Of(context.Request.Headers.UserAgent),
            Method = context.Request.Method,
            TraceParent = context.Request.Headers.TraceParent is [{ } parent] ? parent : null,
            TraceState = context.Request.Headers.TraceState,
        });
    }

    private static Task RefuseAsync(HttpContext context, string target, GatewayError error, ILogger log)
    {
        Log.Failed(log, context.Request.Method, Log.PathOf(target), error.Status, error.Kind, error.Message);
        return ErrorResponse.WriteAsync(context, error);
    }
}
