using System.Text;
using Tuppence.Messages.Edits;
using Tuppence.Messages.Requests;
using Tuppence.Telemetry;

namespace Tuppence.Exchange;

/// <content>What is done anew for each upstream that a request is tried with: choice among them, edits, credential.</content>
internal sealed partial class Exchange
{
    private ChoiceFacts FactsOf(in Route route)
    {
        var headers = context.Request.Headers;
        var named = headers.TryGetValue("x-tuppence-upstream", out var name) ? name.ToString().Trim() : null;
        if (!gateway.Choice.HasRules)
        {
            return new ChoiceFacts(named, null, route.Preset, null, null, client);
        }

        var model = !gateway.Choice.NeedsModel ? null
            : original is not null && BodyPeek.TryModel(original.Bytes.Span, out var asked) ? asked
            : MergedModels.IdOf(route);
        return new ChoiceFacts(named, model, route.Preset, headers["x-api-key"] is [{ } key, ..] ? key : null, ClientCredential.BearerOf(headers), client);
    }

    /// <summary>The candidates; a conversation that one of them answered lately stays with it, for its prompt cache is there.</summary>
    private Candidates InOrder(Upstream[] order, in Route route)
    {
        // Files, batches and the like live where they were made: only what any upstream can answer goes from one to the next.
        if (order.Length == 1 || !route.IsMessages)
        {
            return new Candidates(order, 1);
        }

        // Who brings a credential of his own wants the upstream that it is for.
        var bringsOwn = (client.HasApiKey || client.HasBearer) && UpstreamChoice.UsesClientCredential(order[0], client);
        var idle = gateway.Config.Sticky;
        if (bringsOwn || idle <= TimeSpan.Zero || original is null || !ConversationKey.TryCompute(original.Bytes, route.Preset, out var key))
        {
            return new Candidates(order, order.Length);
        }

        conversation = key;
        var used = state.Affinity.Find(key, idle);
        return new Candidates(order, order.Length, used is null ? null : Array.Find(order, upstream => upstream.Name == used));
    }

    /// <summary>Prepares the request for the next upstream that can take it. Where the one that it is meant for cannot, its error stands.</summary>
    private async ValueTask<(Outbound Request, GatewayError? Error)> PrepareNextAsync(Route route, Preset? preset)
    {
        GatewayError? error = null;
        while (candidates.TryNext(out var next))
        {
            (var request, error) = await PrepareAsync(next, route, preset);
            if (error is null || next == candidates.Home)
            {
                candidates.Tried();
                return (request, error);
            }

            Log.CannotTakeOver(state.Log, next.Name, error.Message);
        }

        return (default, error ?? new GatewayError(ErrorKind.UpstreamUnreachable, "No other upstream is left to try."));
    }

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

        if (BatchAnswer.IsAskedFor(gateway.Config, context.Request.Method, route))
        {
            headers.Drop("accept-encoding");
        }

        if (gateway.Config.LogBodies && body is not null && state.Log.IsEnabled(LogLevel.Trace))
        {
            Log.RequestBody(state.Log, Encoding.UTF8.GetString(body.Bytes.Span));
        }

        var edits = shaping.Applied.Count == 0 ? null : AppliedEdit.WriteHeaderValue(shaping.Applied);
        var request = new Outbound(upstream, headers, body, edits, headers.Mark, null);

        // A translation into the upstream's own dialect has its place here: after the edits, and before anything is signed.

        // 6 Authorize
        return route.IsDryRun ? (request, null) : await AuthorizeAsync(request);
    }

    private async ValueTask<(Outbound Request, GatewayError? Error)> AuthorizeAsync(Outbound request)
    {
        var isAtHome = UpstreamChoice.IsAtHome(request.Upstream, candidates.Home, client);
        var (secret, error) = await Authorization.AddAsync(request.Upstream, client, isAtHome, context.Request.Headers, request.Headers, context.RequestAborted);
        if (error is not null && candidates.AreSeveral && request.Body != original)
        {
            request.Body?.Dispose();
        }

        return (request with { Secret = secret }, error);
    }

    /// <summary>Fetches the upstream's credential anew where it has not been replaced already. True where there is another one now.</summary>
    private async ValueTask<(bool IsNew, GatewayError? Error)> ReauthorizeAsync()
    {
        var credential = outbound.Upstream.Credential!;
        var (current, _) = await credential.GetAsync(context.RequestAborted);
        if (current is not null && current.Equals(outbound.Secret))
        {
            credential.Refused();
        }

        outbound.Headers.BackTo(outbound.Shaped);
        var refused = outbound.Secret;
        (var request, var error) = await AuthorizeAsync(outbound);
        outbound = error is null ? request : outbound;
        return (error is null && !request.Secret!.Equals(refused), error);
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
