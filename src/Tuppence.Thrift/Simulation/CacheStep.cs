using System.Runtime.InteropServices;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Simulation;

/// <summary>One request to the simulated cache.</summary>
/// <param name="Scope">Who shares entries: organisation or workspace, and platform.</param>
/// <param name="Prompt">The request. What breakpoints it has is said by <paramref name="Breakpoints"/>.</param>
/// <param name="Breakpoints">The breakpoints, in the order of their blocks.</param>
/// <param name="Automatic">The time to live of automatic caching, or null.</param>
/// <param name="MinTokens">Smallest prefix that the model caches.</param>
/// <param name="At">When the request starts.</param>
[StructLayout(LayoutKind.Auto)]
public readonly ref struct CacheStep(string Scope, Prompt Prompt, ReadOnlySpan<Breakpoint> Breakpoints, Ttl? Automatic, int MinTokens, DateTimeOffset At)
{
    /// <summary>Who shares entries.</summary>
    public string Scope { get; } = Scope;

    /// <summary>The request.</summary>
    public Prompt Prompt { get; } = Prompt;

    /// <summary>The breakpoints on blocks.</summary>
    public ReadOnlySpan<Breakpoint> Breakpoints { get; } = Breakpoints;

    /// <summary>The time to live of automatic caching, or null.</summary>
    public Ttl? Automatic { get; } = Automatic;

    /// <summary>Smallest prefix that the model caches, in tokens.</summary>
    public int MinTokens { get; } = MinTokens;

    /// <summary>When the request starts.</summary>
    public DateTimeOffset At { get; } = At;
}
