namespace Tuppence.Configuration;

/// <summary>When a request is sent again. Never once a byte of an answer was passed on.</summary>
public sealed record RetryConfig
{
    /// <summary>Further attempts after the first, 0 to 10; 0 turns retries off.</summary>
    public int MaxRetries { get; init; } = 2;

    /// <summary>First wait where the upstream names none; doubled each time and jittered by up to a quarter.</summary>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest single wait; a longer <c>retry-after</c> ends the retries and the answer is passed on.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Longest time from the first attempt to the start of the last.</summary>
    public TimeSpan TotalTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether requests of clients that retry themselves (they send <c>x-stainless-retry-count</c>) are retried too.</summary>
    public bool ForRetryingClients { get; init; }
}
