using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Baselines;

/// <summary>The breakpoints that a baseline sets on one request.</summary>
public sealed class Placement
{
    private readonly List<Breakpoint> breakpoints = [];

    /// <summary>The time to live of automatic caching, or null.</summary>
    public Ttl? Automatic { get; set; }

    /// <summary>The breakpoints in the order of their blocks.</summary>
    public ReadOnlySpan<Breakpoint> Breakpoints => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(breakpoints);

    /// <summary>Sets one; a block that has one already, and an index below zero (nothing to mark), change nothing.</summary>
    public void Mark(int block, Ttl ttl = Ttl.FiveMinutes)
    {
        var place = breakpoints.FindIndex(breakpoint => breakpoint.Block >= block);
        if (block < 0 || (place >= 0 && breakpoints[place].Block == block))
        {
            return;
        }

        breakpoints.Insert(place < 0 ? breakpoints.Count : place, new Breakpoint(block, ttl));
    }

    /// <summary>Takes all off.</summary>
    public void Clear()
    {
        breakpoints.Clear();
        Automatic = null;
    }
}
