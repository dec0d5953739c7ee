using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Simulation;

/// <summary>The provider's prompt cache, simulated by its documented rules on a clock of the caller's. Not safe for parallel use.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching (2026-08-21, September 2026).</remarks>
/// <param name="options">What the documents leave open.</param>
public sealed class CacheEngine(CacheEngineOptions options)
{
    private readonly Dictionary<string, Segments> scopes = new(StringComparer.Ordinal);
    private readonly Dice dice = new((ulong)options.EarlyLossSeed);

    /// <summary>How many blocks it holds, in all scopes.</summary>
    public int Held => scopes.Values.Sum(static segments => segments.Count);

    /// <summary>Of all tokens billed as written, how many were read at least once before they expired or were written again.</summary>
    public long ReusedTokens { get; private set; }

    /// <summary>Takes one request: bills it, and keeps what it wrote. Requests must come in the order of their starts.</summary>
    public CacheOutcome Serve(in CacheStep step)
    {
        var blocks = step.Prompt.Blocks;
        Span<Breakpoint> all = stackalloc Breakpoint[BreakpointRules.Most];
        if (BreakpointRules.Check(blocks, step.Breakpoints, step.Automatic, all, out var count) is { } rejection)
        {
            return new CacheOutcome(default, -1, rejection);
        }

        ref var segments = ref CollectionsMarshal.GetValueRefOrAddDefault(scopes, step.Scope, out _);
        segments ??= new Segments();
        segments.Sweep(step.At);
        if (options.EarlyLossRate > 0 && dice.Chance(options.EarlyLossRate))
        {
            segments.Lose(blocks);
        }

        var breakpoints = LargeEnough(all[..count], blocks, step.MinTokens);
        var alive = segments.Alive(blocks, step.At);
        var hit = Find(segments, step.Prompt, breakpoints, alive, step.At);
        Refresh(segments, blocks, hit, breakpoints, step.At);
        return new CacheOutcome(Write(segments, step.Prompt, breakpoints, hit, alive, step.At), hit, null);
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

    private int Find(Segments segments, Prompt prompt, ReadOnlySpan<Breakpoint> breakpoints, int alive, DateTimeOffset at)
    {
        var blocks = prompt.Blocks;
        for (var i = breakpoints.Length - 1; i >= 0; i--)
        {
            var last = Position(prompt, breakpoints[i].Block) - options.Lookback + 1;
            for (var block = breakpoints[i].Block; block >= 0 && Position(prompt, block) >= last; block--)
            {
                if (IsEntry(segments, blocks[block].Prefix, block < alive, at))
                {
                    return block;
                }
            }
        }

        return -1;
    }

    private int Position(Prompt prompt, int block)
    {
        var position = options.CollapseRuns ? prompt.Blocks[block].Position : block;
        if (options.CountToolsAndSystem)
        {
            return position;
        }

        // No run begins before the messages, so there a block's position is its index.
        return Math.Max(0, position - prompt.Body.Tools.Length - Math.Max(prompt.Body.SystemBlocks.Length, IsSystemString(prompt) ? 1 : 0));
    }

    private static bool IsSystemString(Prompt prompt) => prompt.Body.Tools.Length < prompt.Blocks.Length && prompt.Blocks[prompt.Body.Tools.Length] is { Section: PromptSection.System, IsString: true };

    private bool IsEntry(Segments segments, UInt128 prefix, bool isAlive, DateTimeOffset at)
    {
        if (options.EntryModel == EntryModel.Chained && !isAlive)
        {
            return false;
        }

        ref var segment = ref segments.Find(prefix);
        return !Unsafe.IsNullRef(ref segment) && segment.ReadableFrom <= at && segment.Expiry >= at;
    }

    private void Refresh(Segments segments, ReadOnlySpan<PromptBlock> blocks, int hit, ReadOnlySpan<Breakpoint> breakpoints, DateTimeOffset at)
    {
        var isAll = options.EntryModel == EntryModel.Chained || options.Refresh == RefreshRule.AllBelow;
        for (var i = 0; i <= hit; i++)
        {
            ReusedTokens += segments.TakeUnread(blocks[i].Prefix);
            if (isAll || i == hit || (options.Refresh == RefreshRule.HitAndMarked && IsMarked(breakpoints, i)))
            {
                segments.Refresh(blocks[i].Prefix, at);
            }
        }

        if (options.TtlUpgrade)
        {
            Upgrade(segments, blocks, hit, breakpoints, at);
        }
    }

    private void Upgrade(Segments segments, ReadOnlySpan<PromptBlock> blocks, int hit, ReadOnlySpan<Breakpoint> breakpoints, DateTimeOffset at)
    {
        foreach (var breakpoint in breakpoints)
        {
            var first = options.EntryModel == EntryModel.Chained ? 0 : breakpoint.Block;
            for (var i = first; breakpoint.Ttl == Ttl.OneHour && breakpoint.Block <= hit && i <= breakpoint.Block; i++)
            {
                ref var segment = ref segments.Find(blocks[i].Prefix);
                if (!Unsafe.IsNullRef(ref segment) && segment.Expiry >= at)
                {
                    segment.Prolong(LifeOf(Ttl.OneHour), at);
                }
            }
        }
    }

    private CacheBill Write(Segments segments, Prompt prompt, ReadOnlySpan<Breakpoint> breakpoints, int hit, int alive, DateTimeOffset at)
    {
        var blocks = prompt.Blocks;
        var (lastHour, last) = (hit, hit);
        foreach (var breakpoint in breakpoints)
        {
            last = Math.Max(last, breakpoint.Block);
            lastHour = breakpoint.Ttl == Ttl.OneHour ? Math.Max(lastHour, breakpoint.Block) : lastHour;
        }

        var sideEntries = options.ServerToolEntries && !breakpoints.IsEmpty;
        last = sideEntries ? Math.Max(last, LastServerToolResult(blocks)) : last;
        var below = hit < 0 ? 0 : segments.Find(blocks[hit].Prefix).Serial;
        for (var i = hit + 1; i <= last; i++)
        {
            var life = LifeOf(i <= lastHour ? Ttl.OneHour : Ttl.FiveMinutes);
            ref var segment = ref segments.FindOrAdd(blocks[i].Prefix);
            if (i < alive || (options.EntryModel == EntryModel.Independent && segment.Serial != 0 && segment.Expiry >= at))
            {
                segment.Prolong(life, at);
            }
            else
            {
                segment = new Segment { Serial = segments.NextSerial(), Below = below, Ttl = life, Expiry = at + life };
            }

            segment.Unread += blocks[i].Tokens;
            below = segment.Serial;
            if (IsMarked(breakpoints, i) || (sideEntries && blocks[i].Kind == BlockKind.ServerToolResult))
            {
                segment.Mark(at + options.ReadableAfter);
            }
        }

        var read = TokensTo(blocks, hit);
        var hours = TokensTo(blocks, lastHour);
        var written = TokensTo(blocks, last);
        return new CacheBill(read, hours - read, written - hours, prompt.Tokens - written);
    }

    private TimeSpan LifeOf(Ttl ttl) => (ttl == Ttl.OneHour ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(5)) + options.Grace;

    private static int LastServerToolResult(ReadOnlySpan<PromptBlock> blocks)
    {
        var last = blocks.Length - 1;
        while (last >= 0 && blocks[last].Kind != BlockKind.ServerToolResult)
        {
            last--;
        }

        return last;
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
}
