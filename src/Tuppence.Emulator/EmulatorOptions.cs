using Tuppence.Emulator.Caching;

namespace Tuppence.Emulator;

/// <summary>How the emulator behaves. The defaults feel like the real service on a good day.</summary>
public sealed record EmulatorOptions
{
    /// <summary>Lifelike pacing of replies. Default: on. Off: as fast as the client reads; the three members below then mean nothing.</summary>
    public bool Pacing { get; init; } = true;

    /// <summary>Time from the request to the reply's first token. Default: 600 ms. Range: zero to 10 minutes.</summary>
    public TimeSpan TimeToFirstToken { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>Speed of the reply after its first token. Default: 80. Range: more than zero.</summary>
    public double TokensPerSecond { get; init; } = 80;

    /// <summary>A <c>ping</c> event is sent whenever the stream would be silent for longer than this. Default: 10 s. Range: more than zero.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The reply's text where nothing was queued. Default: <see langword="null"/>, a few sentences that name the emulator and repeat what was asked.</summary>
    public string? ReplyText { get; init; }

    /// <summary>How many of the last requests <c>GET /emulator/requests</c> shows. Default: 100. Zero keeps none.</summary>
    public int KeptRequests { get; init; } = 100;

    /// <summary>
    /// The prompt cache that the usage figures come from. Default: <see langword="null"/>, one by the documented rules whose entries can be
    /// read as soon as the reply that wrote them begins. <see cref="NoPromptCache"/> reports all input as uncached.
    /// </summary>
    public IPromptCache? PromptCache { get; init; }

    /// <summary>The first member that is out of its range.</summary>
    internal string? Problem =>
        !(TokensPerSecond > 0) ? $"{nameof(TokensPerSecond)} must be more than zero."
        : TimeToFirstToken < TimeSpan.Zero || TimeToFirstToken > TimeSpan.FromMinutes(10) ? $"{nameof(TimeToFirstToken)} must be from zero to 10 minutes."
        : PingInterval <= TimeSpan.Zero ? $"{nameof(PingInterval)} must be more than zero."
        : KeptRequests < 0 ? $"{nameof(KeptRequests)} must not be negative."
        : null;
}
