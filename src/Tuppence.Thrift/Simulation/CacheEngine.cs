using System.Runtime.InteropServices;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Simulation;

/// <summary>The provider's prompt cache, simulated by its documented rules on a clock of the caller's. Not safe for parallel use.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching (2026-08-21, September 2026).</remarks>
/// <param name="options">What the documents leave open.</param>
public sealed class CacheEngine(CacheEngineOptions options)
{
    private static readonly TimeSpan[] Lives = [TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)];

    private readonly Dictionary<string, Dictionary<UInt128, Segment>> scopes = new(StringComparer.Ordinal);
    private long serial;

    /// <summary>Takes one request: bills it, and keeps what it wrote. Requests must come in the order of their starts.</summary>
    public CacheOutcome Serve(in CacheStep step)
    {
        var blocks = step.Prompt.Blocks;
        Span<Breakpoint> all = stackalloc Breakpoint[BreakpointRules.Most];
        if (BreakpointRules.Check(blocks, step.Breakpoints, step.Automatic, all, out var count) is { } rejection)
        {
            return new CacheOutcome(default, -1, rejection);
        }

        var held = HeldBy(step.Scope);
        var breakpoints = LargeEnough(all[..count], blocks, step.MinTokens);
        var alive = AliveBlocks(held, blocks, step.At);
        var hit = Find(held, blocks, breakpoints, alive, step.At);
        Refresh(held, blocks, hit, breakpoints, step.At);
        return new CacheOutcome(Write(held, step.Prompt, breakpoints, hit, alive, step.At), hit, null);
    }

    private Dictionary<UInt128, Segment> HeldBy(string scope)
    {
        ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(scopes, scope, out _);
        return held ??= [];
    }

    private static Span<Breakpoint> LargeEnough(Span<Breakpoint> breakpoints, ReadOnlySpan<PromptBlock> blocks, int minTokens)
    {
        var kept = 0;
        foreach (var breakpoint in breakpoints)
        {
            if (blocks[breakpoint.Block].EndTokens >= minTokens)
            {
                breakpoints[kept++] = breakpoint;
            }
        }

        return breakpoints[..kept];
    }

    /// <summary>How many blocks from the first are alive and rest on each other.</summary>
    private static int AliveBlocks(Dictionary<UInt128, Segment> held, ReadOnlySpan<PromptBlock> blocks, DateTimeOffset at)
    {
        var below = 0L;
        for (var i = 0; i < blocks.Length; i++)
        {
            if (!held.TryGetValue(blocks[i].Prefix, out var segment) || segment.Below != below || segment.Expiry < at)
            {
                return i;
            }

            below = segment.Serial;
        }

        return blocks.Length;
    }

    private int Find(Dictionary<UInt128, Segment> held, ReadOnlySpan<PromptBlock> blocks, ReadOnlySpan<Breakpoint> breakpoints, int alive, DateTimeOffset at)
    {
        for (var i = breakpoints.Length - 1; i >= 0; i--)
        {
            var last = blocks[breakpoints[i].Block].Position - options.Lookback + 1;
            for (var block = breakpoints[i].Block; block >= 0 && blocks[block].Position >= last; block--)
            {
                if (IsEntry(held, blocks[block].Prefix, block < alive, at))
                {
                    return block;
                }
            }
        }

        return -1;
    }

    private bool IsEntry(Dictionary<UInt128, Segment> held, UInt128 prefix, bool isAlive, DateTimeOffset at)
    {
        if (options.EntryModel == EntryModel.Chained && !isAlive)
        {
            return false;
        }

        return held.TryGetValue(prefix, out var segment) && segment.ReadableFrom <= at && segment.Expiry >= at;
    }

    private void Refresh(Dictionary<UInt128, Segment> held, ReadOnlySpan<PromptBlock> blocks, int hit, ReadOnlySpan<Breakpoint> breakpoints, DateTimeOffset at)
    {
        if (options.EntryModel == EntryModel.Chained)
        {
            for (var i = 0; i <= hit; i++)
            {
                Refresh(held, blocks[i].Prefix, at);
            }

            return;
        }

        if (hit >= 0)
        {
            Refresh(held, blocks[hit].Prefix, at);
        }

        foreach (var breakpoint in breakpoints)
        {
            if (breakpoint.Block < hit)
            {
                Refresh(held, blocks[breakpoint.Block].Prefix, at);
            }
        }
    }

    private static void Refresh(Dictionary<UInt128, Segment> held, UInt128 prefix, DateTimeOffset at)
    {
        ref var segment = ref CollectionsMarshal.GetValueRefOrNullRef(held, prefix);
        if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref segment) && segment.Expiry >= at)
        {
            segment.Expiry = Later(segment.Expiry, at + segment.Ttl);
        }
    }

    private CacheBill Write(Dictionary<UInt128, Segment> held, Prompt prompt, ReadOnlySpan<Breakpoint> breakpoints, int hit, int alive, DateTimeOffset at)
    {
        var blocks = prompt.Blocks;
        var (lastHour, last) = (hit, hit);
        foreach (var breakpoint in breakpoints)
        {
            last = Math.Max(last, breakpoint.Block);
            lastHour = breakpoint.Ttl == Ttl.OneHour ? Math.Max(lastHour, breakpoint.Block) : lastHour;
        }

        var below = hit < 0 ? 0 : held[blocks[hit].Prefix].Serial;
        for (var i = hit + 1; i <= last; i++)
        {
            var life = Lives[(int)(i <= lastHour ? Ttl.OneHour : Ttl.FiveMinutes)];
            ref var segment = ref CollectionsMarshal.GetValueRefOrAddDefault(held, blocks[i].Prefix, out _);
            if (i < alive || (options.EntryModel == EntryModel.Independent && segment.Serial != 0 && segment.Expiry >= at))
            {
                segment.Ttl = segment.Ttl > life ? segment.Ttl : life;
                segment.Expiry = Later(segment.Expiry, at + life);
            }
            else
            {
                segment = new Segment { Serial = ++serial, Below = below, Ttl = life, Expiry = at + life };
            }

            below = segment.Serial;
            if (IsMarked(breakpoints, i))
            {
                var readable = at + options.ReadableAfter;
                segment.ReadableFrom = segment.ReadableFrom < readable ? segment.ReadableFrom : readable;
            }
        }

        var read = TokensTo(blocks, hit);
        var hours = TokensTo(blocks, lastHour);
        var written = TokensTo(blocks, last);
        return new CacheBill(read, hours - read, written - hours, prompt.Tokens - written);
    }

    private static bool IsMarked(ReadOnlySpan<Breakpoint> breakpoints, int block)
    {
        foreach (var breakpoint in breakpoints)
        {
            if (breakpoint.Block == block)
            {
                return true;
            }
        }

        return false;
    }

    private static int TokensTo(ReadOnlySpan<PromptBlock> blocks, int block) => block < 0 ? 0 : blocks[block].EndTokens;

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
