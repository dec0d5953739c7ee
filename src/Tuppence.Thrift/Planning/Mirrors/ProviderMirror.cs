using Tuppence.Thrift.Planning.Lineages;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Planning.Mirrors;

/// <summary>What the provider should hold, by what was sent to it: the same rules as <see cref="Simulation.CacheEngine"/>, chained, kept in the nodes of the tree.</summary>
/// <remarks>
/// The careful reading of what the documents leave open: an entry dies with any segment below it. Where the provider turns out to
/// hold more or less, <see cref="Kill"/> and <see cref="Revive"/> set the mirror right.
/// Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching (2026-08-21).
/// </remarks>
internal sealed class ProviderMirror(PrefixTree tree)
{
    /// <summary>An answer begins, and what its request wrote can be read, about this long after the request.</summary>
    private const long ReadableAfter = TimeSpan.TicksPerSecond * 3 / 2;

    /// <summary>The number of the latest writing.</summary>
    public long Serial { get; set; }

    /// <summary>Looks at what is held of a prompt.</summary>
    /// <param name="path">Nodes of its first blocks, as far as there are any.</param>
    /// <param name="now">Ticks.</param>
    /// <param name="awaits">Whether what is being written counts as held.</param>
    public MirrorView View(ReadOnlySpan<int> path, long now, bool awaits)
    {
        var view = new MirrorView(-1, -1, true);
        var below = 0L;
        var onlyHours = true;
        for (var i = 0; i < path.Length; i++)
        {
            ref var node = ref tree[path[i]];
            if (node.Serial == 0 || node.Below != below || node.Expiry < now)
            {
                break;
            }

            below = node.Serial;
            onlyHours &= node.Ttl == Ttl.OneHour;
            if (IsReadable(node, now, awaits))
            {
                view = view with { Hit = i, HitIs1h = onlyHours };
            }
            else if (node.ReadableFrom != long.MaxValue)
            {
                view = view with { Pending = i };
            }
        }

        return view;
    }

    /// <summary>The deepest block with an entry that breakpoints find, or -1.</summary>
    public int Reached(ReadOnlySpan<PromptBlock> blocks, ReadOnlySpan<Breakpoint> breakpoints, ReadOnlySpan<int> path, in MirrorView view, long now, bool awaits)
    {
        for (var i = breakpoints.Length - 1; i >= 0; i--)
        {
            var last = blocks[breakpoints[i].Block].Position - Foreseen.Lookback + 1;
            for (var block = breakpoints[i].Block; block >= 0 && blocks[block].Position >= last; block--)
            {
                if (block <= view.Hit && IsReadable(tree[path[block]], now, awaits))
                {
                    return block;
                }
            }
        }

        return -1;
    }

    /// <summary>Takes over what a request does to the cache: refreshes what it reads, keeps what it writes.</summary>
    /// <param name="path">Nodes of the request's blocks.</param>
    /// <param name="hit">Index of the deepest block read, or -1.</param>
    /// <param name="breakpoints">Its breakpoints, those of prefixes below the minimum left out.</param>
    /// <param name="at">Its start, in ticks.</param>
    public void Apply(ReadOnlySpan<int> path, int hit, ReadOnlySpan<Breakpoint> breakpoints, long at)
    {
        for (var i = 0; i <= hit; i++)
        {
            ref var read = ref tree[path[i]];
            read.Expiry = Math.Max(read.Expiry, at + Lives.Of(read.Ttl));
        }

        var (lastHour, last) = (hit, hit);
        foreach (var breakpoint in breakpoints)
        {
            last = Math.Max(last, breakpoint.Block);
            lastHour = breakpoint.Ttl == Ttl.OneHour ? Math.Max(lastHour, breakpoint.Block) : lastHour;
        }

        var below = hit < 0 ? 0 : tree[path[hit]].Serial;
        for (var i = hit + 1; i <= last; i++)
        {
            ref var node = ref tree[path[i]];
            var ttl = i <= lastHour ? Ttl.OneHour : Ttl.FiveMinutes;
            if (node.Serial != 0 && node.Below == below && node.Expiry >= at)
            {
                node.Ttl = node.Ttl > ttl ? node.Ttl : ttl;
                node.Expiry = Math.Max(node.Expiry, at + Lives.Of(ttl));
            }
            else
            {
                node.Serial = ++Serial;
                node.Below = below;
                node.Ttl = ttl;
                node.Expiry = at + Lives.Of(ttl);
                node.ReadableFrom = long.MaxValue;
            }

            below = node.Serial;
        }

        foreach (var breakpoint in breakpoints)
        {
            if (breakpoint.Block > hit)
            {
                ref var marked = ref tree[path[breakpoint.Block]];
                marked.ReadableFrom = Math.Min(marked.ReadableFrom, at + ReadableAfter);
            }
        }
    }

    /// <summary>Notes that the answer has begun: from then on all that its request wrote can be read, however soon the next one comes.</summary>
    public void Began(ReadOnlySpan<int> path, int hit, ReadOnlySpan<Breakpoint> breakpoints, long at)
    {
        foreach (var breakpoint in breakpoints)
        {
            ref var node = ref tree[path[breakpoint.Block]];
            if (breakpoint.Block > hit && node.Serial != 0 && node.ReadableFrom != long.MaxValue)
            {
                node.ReadableFrom = Math.Min(node.ReadableFrom, at);
            }
        }
    }

    /// <summary>Notes that the provider no longer holds the blocks <paramref name="from"/> to <paramref name="to"/>.</summary>
    public void Kill(ReadOnlySpan<int> path, int from, int to)
    {
        for (var i = Math.Max(0, from); i <= to; i++)
        {
            ref var node = ref tree[path[i]];
            node.Serial = 0;
            node.ReadableFrom = long.MaxValue;
        }
    }

    /// <summary>Notes that the provider does hold an entry at <paramref name="hit"/>, which the mirror took for dead.</summary>
    public void Revive(ReadOnlySpan<int> path, int hit, long at)
    {
        var below = 0L;
        for (var i = 0; i <= hit; i++)
        {
            ref var node = ref tree[path[i]];
            if (node.Serial == 0 || node.Below != below)
            {
                node.Serial = ++Serial;
                node.Below = below;
            }

            node.Expiry = Math.Max(node.Expiry, at + Lives.Of(node.Ttl));
            below = node.Serial;
        }

        ref var entry = ref tree[path[hit]];
        entry.ReadableFrom = Math.Min(entry.ReadableFrom, at);
    }

    /// <summary>Takes back what a request wrote that was never sent: the writings numbered above <paramref name="from"/> up to <paramref name="to"/>.</summary>
    public void Undo(ReadOnlySpan<int> path, long from, long to)
    {
        foreach (var index in path)
        {
            ref var node = ref tree[index];
            if (node.Serial > from && node.Serial <= to)
            {
                node.Serial = 0;
                node.ReadableFrom = long.MaxValue;
            }
        }
    }

    private static bool IsReadable(in PrefixNode node, long now, bool awaits) => node.ReadableFrom <= now || (awaits && node.ReadableFrom != long.MaxValue);
}
