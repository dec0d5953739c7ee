using Tuppence.Configuration;

namespace Tuppence.Exchange;

/// <summary>
/// Remembers how an upstream fares, so that a request which has another to go to need not wait for one that is down. Failures are
/// connections that cannot be had, answers that do not come, and 5xx; what is the client's fault (4xx) never counts. Out of quota
/// (429 with <c>retry-after</c>) lasts exactly as long as the upstream said.
/// </summary>
/// <remarks>
/// Closed, then open for a time after so many failures in a row, then half-open: one request is let through, the others go on
/// elsewhere, and its success closes the breaker. A probe that never comes to an end is followed by the next after the same time.
/// Thread-safe; lives as long as its upstream is configured.
/// </remarks>
/// <param name="config">When it opens and for how long.</param>
/// <param name="time">The clock.</param>
public sealed class Breaker(BreakerConfig config, TimeProvider time)
{
    private readonly Lock gate = new();
    private volatile int failures;
    private volatile bool isOpen;
    private volatile bool hasQuotaEnd;
    private bool isProbed;
    private long openedAt;
    private long quotaSince;
    private TimeSpan quotaWait;

    /// <summary>The state now.</summary>
    public BreakerState State
    {
        get
        {
            // What nearly always holds, without a lock.
            if (!isOpen && !hasQuotaEnd)
            {
                return BreakerState.Closed;
            }

            lock (gate)
            {
                return IsOutOfQuota ? BreakerState.OutOfQuota
                    : !isOpen ? BreakerState.Closed
                    : isProbed || IsDue ? BreakerState.HalfOpen
                    : BreakerState.Open;
            }
        }
    }

    /// <summary>True where a request that has another upstream to go to would be let through. Changes nothing.</summary>
    public bool Admits
    {
        get
        {
            if (!isOpen && !hasQuotaEnd)
            {
                return true;
            }

            lock (gate)
            {
                return !IsOutOfQuota && (!isOpen || IsDue);
            }
        }
    }

    private bool IsDue => time.GetElapsedTime(openedAt) >= config.Open;

    private bool IsOutOfQuota => hasQuotaEnd && time.GetElapsedTime(quotaSince) < quotaWait;

    /// <summary>Lets a request through, or not. In the half-open state it is the probe.</summary>
    public bool TryEnter()
    {
        if (!isOpen && !hasQuotaEnd)
        {
            return true;
        }

        lock (gate)
        {
            if (IsOutOfQuota || (isOpen && !IsDue))
            {
                return false;
            }

            if (isOpen)
            {
                // The next probe is due after the same time again, whatever becomes of this one.
                openedAt = time.GetTimestamp();
                isProbed = true;
            }

            return true;
        }
    }

    /// <summary>The upstream gave an answer, or a refusal that was the client's doing.</summary>
    public void Succeeded()
    {
        if (failures == 0 && !isOpen && !hasQuotaEnd)
        {
            return;
        }

        lock (gate)
        {
            failures = 0;
            isOpen = isProbed = hasQuotaEnd = false;
        }
    }

    /// <summary>The upstream could not be reached, or failed.</summary>
    public void Failed()
    {
        lock (gate)
        {
            failures = failures == int.MaxValue ? failures : failures + 1;
            if (config.Failures > 0 && failures >= config.Failures)
            {
                (isOpen, isProbed, openedAt) = (true, false, time.GetTimestamp());
            }
        }
    }

    /// <summary>The upstream's own credential has no quota left for <paramref name="wait"/>.</summary>
    public void OutOfQuota(TimeSpan wait)
    {
        lock (gate)
        {
            (quotaSince, quotaWait, hasQuotaEnd) = (time.GetTimestamp(), wait, true);
        }
    }
}
