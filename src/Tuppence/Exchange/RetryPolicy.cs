using System.Globalization;
using Tuppence.Configuration;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Exchange;

/// <summary>Decides whether and when an attempt is made again. Pure: the loop that acts on it is the exchange's.</summary>
/// <remarks>
/// Sources: RFC 9110 section 9.2.2 (a request that may have been acted on is not repeated by itself) and 10.2.3 (<c>Retry-After</c>);
/// https://platform.claude.com/docs/en/api/errors and the official SDKs for <c>x-should-retry</c> and <c>retry-after-ms</c> (2026-11-20).
/// </remarks>
/// <param name="config">Bounds.</param>
/// <param name="jitter">Random numbers from 0 to 1.</param>
public sealed class RetryPolicy(RetryConfig config, Func<double> jitter)
{
    /// <summary>The wait before the next attempt, or null where the outcome stands.</summary>
    /// <param name="retries">Retries made so far.</param>
    /// <param name="elapsed">Time since the first attempt began.</param>
    /// <param name="head">Answer of the attempt, or null where it failed without one.</param>
    /// <param name="fault">Why there is no answer.</param>
    /// <param name="now">Wall clock, for a <c>retry-after</c> date.</param>
    public TimeSpan? NextDelay(int retries, TimeSpan elapsed, ResponseHead? head, UpstreamFault? fault, DateTimeOffset now)
    {
        if (retries >= config.MaxRetries || !IsRetryable(head, fault))
        {
            return null;
        }

        var delay = head is not null && Requested(head, now) is { } requested ? requested : Backoff(retries);
        return delay > config.MaxDelay || elapsed + delay > config.TotalTime ? null : delay;
    }

    private static bool IsRetryable(ResponseHead? head, UpstreamFault? fault)
    {
        if (head is null)
        {
            return fault is { NothingSent: true, Kind: not FaultKind.OwnAddress };
        }

        return head.Find("x-should-retry") switch
        {
            "true" => head.Status >= 400,
            "false" => false,
            _ => head.Status is 408 or 429 or 500 or 502 or 503 or 504 or 529,
        };
    }

    /// <summary>The wait that an answer asks for, or null.</summary>
    internal static TimeSpan? Requested(ResponseHead head, DateTimeOffset now)
    {
        if (head.Find("retry-after-ms") is { } ms && double.TryParse(ms, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds is >= 0 and < 1e9)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        if (head.Find("retry-after") is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 1e6)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? TimeSpan.FromTicks(Math.Max(0, (date - now).Ticks))
            : null;
    }

    private TimeSpan Backoff(int retries)
    {
        var full = config.BaseDelay * Math.Pow(2, retries);
        // Clients that failed together must not come back together.
        var jittered = full * (1 - (0.25 * jitter()));
        return jittered < config.MaxDelay ? jittered : config.MaxDelay;
    }
}
