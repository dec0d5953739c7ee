using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Simulation;

/// <summary>What one scope of the simulated cache holds. What has expired is swept out as it grows, so that its size follows what is alive.</summary>
internal sealed class Segments
{
    private const int SmallestSweep = 4096;

    private readonly Dictionary<UInt128, Segment> held = [];
    private int sweepAt = SmallestSweep;
    private long serial;

    /// <summary>How many are held, expired ones that were not swept out yet included.</summary>
    public int Count => held.Count;

    /// <summary>Finds one by the prefix it is held under; a null reference where there is none.</summary>
    public ref Segment Find(UInt128 prefix) => ref CollectionsMarshal.GetValueRefOrNullRef(held, prefix);

    /// <summary>Finds one or makes room for it.</summary>
    public ref Segment FindOrAdd(UInt128 prefix) => ref CollectionsMarshal.GetValueRefOrAddDefault(held, prefix, out _);

    /// <summary>A number that no segment has had yet.</summary>
    public long NextSerial() => ++serial;

    /// <summary>How many blocks from the first are alive and rest on each other.</summary>
    public int Alive(ReadOnlySpan<PromptBlock> blocks, DateTimeOffset at)
    {
        var below = 0L;
        for (var i = 0; i < blocks.Length; i++)
        {
            ref var segment = ref Find(blocks[i].Prefix);
            if (Unsafe.IsNullRef(ref segment) || segment.Below != below || segment.Expiry < at)
            {
                return i;
            }

            below = segment.Serial;
        }

        return blocks.Length;
    }

    /// <summary>Lets one live on from now, if it lives.</summary>
    public void Refresh(UInt128 prefix, DateTimeOffset at)
    {
        ref var segment = ref Find(prefix);
        if (!Unsafe.IsNullRef(ref segment) && segment.Expiry >= at)
        {
            segment.Prolong(segment.Ttl, at);
        }
    }

    /// <summary>The tokens of one that are read for the first time since they were written.</summary>
    public int TakeUnread(UInt128 prefix)
    {
        ref var segment = ref Find(prefix);
        if (Unsafe.IsNullRef(ref segment))
        {
            return 0;
        }

        var unread = segment.Unread;
        segment.Unread = 0;
        return unread;
    }

    /// <summary>Loses all that is held of a prompt.</summary>
    public void Lose(ReadOnlySpan<PromptBlock> blocks)
    {
        foreach (ref readonly var block in blocks)
        {
            held.Remove(block.Prefix);
        }
    }

    /// <summary>Sweeps out what has expired, if much was added since the last time.</summary>
    public void Sweep(DateTimeOffset at)
    {
        if (held.Count < sweepAt)
        {
            return;
        }

        foreach (var (prefix, segment) in held)
        {
            if (segment.Expiry < at)
            {
                held.Remove(prefix);
            }
        }

        sweepAt = Math.Max(SmallestSweep, held.Count * 2);
    }
}
