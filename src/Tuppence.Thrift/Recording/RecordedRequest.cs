using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Recording;

/// <summary>A request of a content-free recording.</summary>
public sealed record RecordedRequest
{
    /// <summary>When it started, counted from the recording's beginning.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>Salted hash of who shares the cache.</summary>
    public required UInt128 Scope { get; init; }

    /// <summary>The model, by name.</summary>
    public required string Model { get; init; }

    /// <summary>Salted hash of what comes before the first block.</summary>
    public required UInt128 Root { get; init; }

    /// <summary>Salted hash of what is rendered between tools and system (<c>speed</c>); 0 where that is nothing.</summary>
    public required UInt128 Speed { get; init; }

    /// <summary>Salted hash of what is rendered between system and messages: thinking, effort, tool choice, presence of images.</summary>
    public required UInt128 Settings { get; init; }

    /// <summary>The blocks.</summary>
    public required IReadOnlyList<RecordedBlock> Blocks { get; init; }

    /// <summary>The breakpoints that the client set.</summary>
    public required IReadOnlyList<Breakpoint> Breakpoints { get; init; }

    /// <summary>The time to live of automatic caching, or null.</summary>
    public Ttl? Automatic { get; init; }

    /// <summary>What became of it; null where it was not answered.</summary>
    public RecordedUsage? Usage { get; init; }
}
