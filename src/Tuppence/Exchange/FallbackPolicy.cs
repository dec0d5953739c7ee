using Tuppence.Upstreams.Http1;

namespace Tuppence.Exchange;

/// <summary>Decides what an attempt says about its upstream, and whether its request may go to another. Pure.</summary>
/// <remarks>
/// Promise P10, at most one paid completion: a request goes on only where the upstream cannot have seen it, or said that it did not
/// serve it. A request whose answer was lost or did not come in time may have been served and paid. Counting tokens costs nothing, so
/// there a lost answer goes on too. Sources: RFC 9110 section 9.2.2; https://platform.claude.com/docs/en/api/errors (2026-11-20).
/// </remarks>
internal static class FallbackPolicy
{
    /// <summary>True where another upstream may be asked after that one.</summary>
    /// <param name="upstream">The one that did not serve the request.</param>
    /// <param name="surface">What the request is.</param>
    /// <param name="head">The answer's head, or null.</param>
    /// <param name="fault">Why there is none.</param>
    public static bool GoesOn(Upstream upstream, Surface surface, ResponseHead? head, UpstreamFault? fault) => head is null
        ? fault is { NothingSent: true } || (surface == Surface.CountTokens && fault is { Kind: not FaultKind.Aborted and not FaultKind.TotalTimeout })
        : upstream.IsClaudeCode ? IsRefusalOfProgram(head) : IsRefusal(head.Status);

    /// <summary>False where the same upstream must not be asked again whatever its status: what the user's own program may have been billed for.</summary>
    /// <param name="upstream">The one that did not serve the request.</param>
    /// <param name="head">The answer's head, or null.</param>
    public static bool MayRepeat(Upstream upstream, ResponseHead? head) => !upstream.IsClaudeCode || head is null || IsRefusalOfProgram(head);

    /// <summary>
    /// As the other, for the user's own program: behind its other statuses it may have died in the middle of an answer that its provider counts.
    /// </summary>
    private static bool IsRefusalOfProgram(ResponseHead head) => head.Status is 429 or 503 || (head.Status == 529 && head.Find("x-should-retry") != "false");

    /// <summary>True for the statuses by which an upstream says that it could not serve a request now.</summary>
    public static bool IsRefusal(int status) => status is 408 or 429 or 500 or 502 or 503 or 504 or 529;

    /// <summary>Tells the breaker how the attempt went.</summary>
    /// <param name="breaker">The upstream's.</param>
    /// <param name="head">The answer's head, or null.</param>
    /// <param name="fault">Why there is none.</param>
    /// <param name="usesOwn">Whether the upstream's own credential was used; the quota of a client's says nothing about other clients.</param>
    /// <param name="now">Wall clock, for a <c>retry-after</c> date.</param>
    public static void Note(Breaker breaker, ResponseHead? head, UpstreamFault? fault, bool usesOwn, DateTimeOffset now)
    {
        if (head is null)
        {
            if (fault!.Kind != FaultKind.Aborted)
            {
                breaker.Failed();
            }
        }
        else if (head.Status >= 500)
        {
            breaker.Failed();
        }
        else if (head.Status != 429 && head.Status != 408)
        {
            breaker.Succeeded();
        }
        else if (head.Status == 429 && usesOwn && RetryPolicy.Requested(head, now) is { } wait && wait > TimeSpan.Zero)
        {
            breaker.OutOfQuota(wait);
        }
    }
}
