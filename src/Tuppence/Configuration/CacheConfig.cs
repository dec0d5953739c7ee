using Tuppence.Thrift;

namespace Tuppence.Configuration;

/// <summary>What Tuppence does for the prompt cache.</summary>
public sealed record CacheConfig
{
    /// <summary>What may be done to a request, or null: <see cref="CacheLevel.Markers"/>, and <see cref="CacheLevel.Respect"/> where the client set breakpoints itself.</summary>
    public CacheLevel? Level { get; init; }

    /// <summary>What becomes of breakpoints that the client set itself.</summary>
    public ClientBreakpoints ClientBreakpoints { get; init; } = ClientBreakpoints.Auto;

    /// <summary>Most that pings may cost in a day (UTC), in nano-dollars, from 0 (no pings) to $1,000.</summary>
    public long KeepAlivePerDay { get; init; }

    /// <summary>Whether a request waits for one of the same beginning that is under way.</summary>
    public bool SingleFlight { get; init; }

    /// <summary>Turns of each conversation that are remembered for <c>tuppence explain</c>, 0 (no accounts at all) to 1,000.</summary>
    public int RememberedTurns { get; init; } = 40;

    /// <summary>Whether what the planner learned is kept in the state folder over a restart: hashes and numbers, nothing of a client's own credential.</summary>
    public bool Remember { get; init; }

    /// <summary>What is left of the front end's window when the kept one is full, in percent of what the front end sends: 25 to 100, which leaves nothing out.</summary>
    public int LowWaterPercent { get; init; } = 100;

    /// <summary>To which step clocks that are carried behind the history are rounded down, in minutes from 1 to 60; 0: not at all.</summary>
    public int ClockStepMinutes { get; init; }

    /// <summary>File that a trace without content is written to, or null.</summary>
    public string? Record { get; init; }

    /// <summary>Whether the trace holds the requests' bodies as well. They may hold private text.</summary>
    public bool RecordBodies { get; init; }
}
