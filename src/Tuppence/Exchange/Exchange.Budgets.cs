using Tuppence.Spending;

namespace Tuppence.Exchange;

/// <content>What may be spent: money is held back before a request is sent, and released or settled when it is over.</content>
internal sealed partial class Exchange
{
    // Long enough for another request to end, short enough for an SDK to wait (they wait at most a minute).
    private const int SecondsUntilOthersEnd = 10;

    /// <summary>True where the route can cost money that is known before.</summary>
    private bool CostsMoney(in Route route) =>
        !gateway.Budgets.AreNone && HttpMethods.IsPost(context.Request.Method) && (route.Surface == Surface.Messages || IsNewBatch(route));

    /// <summary>Holds back what the request may cost; the error to answer where a budget does not cover it.</summary>
    private async ValueTask<GatewayError?> ReserveAsync(Route route)
    {
        if (!CostsMoney(route) || (outbound.Upstream.IsClaudeCode && !candidates.AreSeveral))
        {
            return null;
        }

        // Of a model without a known price, a body that cannot be read and a batch nobody knows before what they cost: only a budget that is used up stops them.
        var now = state.Time.GetUtcNow();
        var verdict = await state.Budgets.ReserveAsync(record.Open.Key, route.Preset, record.Open.At, outbound.Estimate ?? 0, context.RequestAborted);
        if (verdict.Refusal is { } refusal)
        {
            var wait = refusal.MayPass ? SecondsUntilOthersEnd : (long)Math.Ceiling((refusal.State.Account.Window.End - now).TotalSeconds);
            return new GatewayError(ErrorKind.BudgetUsedUp, BudgetText.RefusalOf(refusal, now)) { RetryAfter = Math.Max(1, wait), MayRetry = refusal.MayPass };
        }

        record.Open.Reserved = verdict.Reservation;
        return null;
    }

    private static bool IsNewBatch(in Route route) =>
        route.Surface == Surface.Relay && route.Target.AsSpan().StartsWith("/v1/messages/batches") && (route.Target.Length == 20 || route.Target[20] == '?');
}
