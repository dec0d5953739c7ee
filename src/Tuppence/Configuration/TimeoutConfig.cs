namespace Tuppence.Configuration;

/// <summary>The four upstream time limits, the ping interval and the two steps of stopping.</summary>
public sealed record TimeoutConfig
{
    /// <summary>Name look-up, TCP and TLS together.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the end of the request to the response head.</summary>
    public TimeSpan ResponseHeaders { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Longest silence inside a response body. Pings of the upstream count as activity.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>From the first attempt to the last byte; zero: no limit.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.Zero;

    /// <summary>Silence of a streaming upstream after which Tuppence sends a ping of its own; zero: never.</summary>
    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time after SIGTERM in which <c>/health</c> says 503 while connections are still taken, for load balancers to notice; zero: none.</summary>
    public TimeSpan StopDelay { get; init; } = TimeSpan.Zero;

    /// <summary>Time that open answers get to finish after SIGTERM and <see cref="StopDelay"/>.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);
}
