using Tuppence.Thrift.Planning.Lineages;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Planning.Mirrors;

/// <summary>What the provider will make of a request, by its rules.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching (2026-08-21).</remarks>
internal static class Foreseen
{
    /// <summary>Positions that a breakpoint is looked for at, its own included.</summary>
    public const int Lookback = 20;

    /// <summary>Leaves the breakpoints that count: none where the request would be rejected, and none below the minimum.</summary>
    /// <param name="prompt">The request.</param>
    /// <param name="breakpoints">Its breakpoints on blocks.</param>
    /// <param name="automatic">The time to live of automatic caching, or null.</param>
    /// <param name="minTokens">Smallest prefix that is cached.</param>
    /// <param name="all">Room for <see cref="BreakpointRules.Most"/>.</param>
    public static Span<Breakpoint> Holding(Prompt prompt, ReadOnlySpan<Breakpoint> breakpoints, Ttl? automatic, int minTokens, Span<Breakpoint> all)
    {
        if (BreakpointRules.Check(prompt.Blocks, breakpoints, automatic, all, out var count) is not null)
        {
            return default;
        }

        var holding = 0;
        for (var i = 0; i < count; i++)
        {
            if (prompt.Blocks[all[i].Block].EndTokens >= minTokens)
            {
                all[holding++] = all[i];
            }
        }

        return all[..holding];
    }

    /// <summary>The bill of a request that reads up to a block and writes at its breakpoints.</summary>
    public static CacheBill Bill(ReadOnlySpan<PromptBlock> blocks, int hit, ReadOnlySpan<Breakpoint> breakpoints, TokenScale scale)
    {
        var (lastHour, last) = (hit, hit);
        foreach (var breakpoint in breakpoints)
        {
            last = Math.Max(last, breakpoint.Block);
            lastHour = breakpoint.Ttl == Ttl.OneHour ? Math.Max(lastHour, breakpoint.Block) : lastHour;
        }

        var read = TokensTo(blocks, hit, scale);
        var hours = Math.Max(read, TokensTo(blocks, lastHour, scale));
        var written = Math.Max(hours, TokensTo(blocks, last, scale));
        return new CacheBill(read, hours - read, written - hours, Math.Max(0, TokensTo(blocks, blocks.Length - 1, scale) - written));
    }

    private static int TokensTo(ReadOnlySpan<PromptBlock> blocks, int block, TokenScale scale) => block < 0 ? 0 : scale.Of(blocks[block].EndTokens, block + 1);
}
