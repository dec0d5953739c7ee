namespace Tuppence.Configuration;

/// <summary>Bounds on what one client, or all together, may ask for.</summary>
public sealed record LimitConfig
{
    /// <summary>Largest body of a Messages request, in bytes.</summary>
    public long MaxBodyBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>Largest body on other paths (files, batches), in bytes; it is streamed, not held.</summary>
    public long MaxUploadBytes { get; init; } = 512L * 1024 * 1024;

    /// <summary>Requests worked on at a time; more wait in the queue.</summary>
    public int MaxConcurrentRequests { get; init; } = 4096;

    /// <summary>Requests that may wait; more are answered 529.</summary>
    public int MaxQueuedRequests { get; init; } = 256;

    /// <summary>Time in which a client must have sent its request head.</summary>
    public TimeSpan RequestHeaders { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Slowest body upload that is put up with, in bytes per second after a grace of 5 seconds; 0: no limit.</summary>
    public int MinRequestBytesPerSecond { get; init; } = 240;
}
