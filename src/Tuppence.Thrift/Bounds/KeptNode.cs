using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Bounds;

/// <summary>What a course of a search has kept of a node; as <see cref="Simulation.CacheEngine"/> keeps a block with chained entries.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct KeptNode
{
    /// <summary>Tells this writing from later ones; 0 where it was never written.</summary>
    public int Serial;

    /// <summary>That of the node before it when it was written.</summary>
    public int Below;

    /// <summary>Whether it was written for an hour.</summary>
    public bool IsHour;

    /// <summary>The last moment of its life.</summary>
    public DateTimeOffset Expiry;

    /// <summary>Since when a breakpoint at its end can be found.</summary>
    public DateTimeOffset ReadableFrom;

    /// <summary>Makes it live from now on for at least as long as it, or the time named, says.</summary>
    public void Use(bool forAnHour, DateTimeOffset at)
    {
        IsHour |= forAnHour;
        var expiry = at + (IsHour ? BlockCourse.LongLife : BlockCourse.ShortLife);
        Expiry = Expiry > expiry ? Expiry : expiry;
    }
}
