namespace Tuppence.Configuration;

/// <summary>The built-in emulator.</summary>
public sealed record EmulatorConfig
{
    /// <summary>Lifelike pacing of streamed replies. Off: as fast as the client reads.</summary>
    public bool Pacing { get; init; } = true;
}
