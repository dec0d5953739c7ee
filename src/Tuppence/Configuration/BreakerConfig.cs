namespace Tuppence.Configuration;

/// <summary>When an upstream that keeps failing is passed over for a while. Only where a request has another one to go to.</summary>
public sealed record BreakerConfig
{
    /// <summary>Failures in a row after which the upstream is passed over, 0 to 1000; 0: never.</summary>
    public int Failures { get; init; } = 5;

    /// <summary>Time until one request is let through again, to see.</summary>
    public TimeSpan Open { get; init; } = TimeSpan.FromSeconds(30);
}
