using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Simulation;

/// <summary>What the simulated cache holds of one block at one prefix.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Segment
{
    /// <summary>Tells this writing of the block from later ones.</summary>
    public long Serial;

    /// <summary>The serial of the segment below when this one was written: another one there means that this one is dead.</summary>
    public long Below;

    /// <summary>How long each use keeps it.</summary>
    public TimeSpan Ttl;

    /// <summary>The last moment of its life.</summary>
    public DateTimeOffset Expiry;

    /// <summary>Tokens that were billed as written and not read since.</summary>
    public int Unread;

    /// <summary>Whether a breakpoint stood here, so that it can be found; and from when.</summary>
    public DateTimeOffset? ReadableFrom;

    /// <summary>Lets it live at least so long from now; its life is never made shorter.</summary>
    public void Prolong(TimeSpan life, DateTimeOffset at)
    {
        Ttl = Ttl > life ? Ttl : life;
        Expiry = Expiry > at + life ? Expiry : at + life;
    }

    /// <summary>Makes it an entry that can be found from this moment on, or from an earlier one where it can already.</summary>
    public void Mark(DateTimeOffset readable) => ReadableFrom = ReadableFrom < readable ? ReadableFrom : readable;
}
