using Tuppence.Messages.Edits;
using Tuppence.Messages.Requests;
using Tuppence.Telemetry;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Exchange;

/// <content>Which upstreams a request is tried with, in what order, and when it goes on to the next.</content>
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

        conversation = new Conversation(key);
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

            Log.CannotTakeOver(log, next.Name, error.Message);
        }

        return (default, error ?? new GatewayError(ErrorKind.UpstreamUnreachable, "No other upstream is left to try."));
    }

    /// <summary>Turns to the next upstream where this one did not serve the request and there is one that can take it.</summary>
    private async ValueTask<Turn> GoOnAsync(Attempt attempt, Route route, Preset? preset, ResponseHead? head, UpstreamFault? fault)
    {
        if (await RefusedAsync(attempt, route, head, fault) is not { } reason || await PrepareNextAsync(route, preset) is not { Error: null } next)
        {
            return Turn.Stands;
        }

        state.Counters.CountFallback();
        Log.FallingBack(log, attempt.Upstream.Name, reason, next.Request.Upstream.Name);
        await attempt.EndAsync();
        outbound.Plan?.Finish();
        Release(outbound.Body);
        outbound = next.Request;
        return Turn.Again;
    }

    /// <summary>Why the upstream did not serve the request, which so may go on; null where it did, or may have.</summary>
    private static async ValueTask<string?> RefusedAsync(Attempt attempt, Route route, ResponseHead? head, UpstreamFault? fault)
    {
        if (attempt.Rejection is null && FallbackPolicy.GoesOn(attempt.Upstream, route.Surface, head, fault))
        {
            return head is null ? $"{fault!.Kind}: {fault.Detail}" : $"status {head.Status}";
        }

        if (head is null || !await attempt.BeginsWithErrorAsync())
        {
            return null;
        }

        attempt.Upstream.Breaker.Failed();
        return "its first event is an error";
    }
}
