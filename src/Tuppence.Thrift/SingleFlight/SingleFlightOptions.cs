namespace Tuppence.Thrift.SingleFlight;

/// <summary>When requests wait for each other. Everything has a default.</summary>
public sealed record SingleFlightOptions
{
    /// <summary>Longest that one waits, in all. Default: 10 s.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Least that waiting must save, in nano-dollars. Default: 2,000,000 (a fifth of a cent).</summary>
    public long LeastSaving { get; init; } = 2_000_000;
}
