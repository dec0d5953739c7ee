using Tuppence.Configuration;

namespace Tuppence.Commands;

/// <summary>What <c>tuppence emulate</c> runs with.</summary>
public sealed record EmulateSettings
{
    /// <summary>The port when none is given.</summary>
    public const int DefaultPort = 42070;

    /// <summary>Address to listen on: an IP address, or <c>localhost</c>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>TCP port, 0 to 65535; 0 lets the system choose one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>Lifelike pacing of streamed replies.</summary>
    public bool Pacing { get; init; } = true;

    /// <summary>The least severe messages that are written.</summary>
    public LogVerbosity LogLevel { get; init; } = LogVerbosity.Info;
}
