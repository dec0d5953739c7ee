using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Simulation;

/// <summary>The rules on <c>cache_control</c> whose breach the API answers with 400.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching (2026-08-21).</remarks>
public static class BreakpointRules
{
    /// <summary>Most breakpoints in a request, automatic caching included.</summary>
    public const int Most = 4;

    /// <summary>Checks the breakpoints of a request and adds the one of automatic caching.</summary>
    /// <param name="blocks">The prompt's blocks.</param>
    /// <param name="breakpoints">The breakpoints on blocks, in their order.</param>
    /// <param name="automatic">The time to live of automatic caching, or null.</param>
    /// <param name="all">Room for <see cref="Most"/>: the breakpoints that hold.</param>
    /// <param name="count">How many hold.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Check(ReadOnlySpan<PromptBlock> blocks, ReadOnlySpan<Breakpoint> breakpoints, Ttl? automatic, Span<Breakpoint> all, out int count)
    {
        count = 0;
        if (breakpoints.Length + (automatic is null ? 0 : 1) > Most)
        {
            return $"A maximum of {Most} blocks with cache_control may be provided. Found {breakpoints.Length + (automatic is null ? 0 : 1)}.";
        }

        foreach (var breakpoint in breakpoints)
        {
            if (!blocks[breakpoint.Block].IsMarkable)
            {
                return blocks[breakpoint.Block].Kind == BlockKind.Thinking
                    ? "cache_control cannot be set on thinking blocks."
                    : "cache_control cannot be set for empty text blocks.";
            }

            if (count > 0 && breakpoint.Ttl == Ttl.OneHour && all[count - 1].Ttl == Ttl.FiveMinutes)
            {
                return "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.";
            }

            all[count++] = breakpoint;
        }

        return automatic is { } ttl ? AddAutomatic(blocks, ttl, all, ref count) : null;
    }

    private static string? AddAutomatic(ReadOnlySpan<PromptBlock> blocks, Ttl ttl, Span<Breakpoint> all, ref int count)
    {
        var last = blocks.Length - 1;
        while (last >= 0 && !blocks[last].IsMarkable)
        {
            last--;
        }

        if (last < 0)
        {
            return null;
        }

        if (count > 0 && all[count - 1].Block == last)
        {
            return all[count - 1].Ttl == ttl ? null : "the top-level cache_control has another ttl than the last block's cache_control.";
        }

        if (count > 0 && ttl == Ttl.OneHour && all[count - 1].Ttl == Ttl.FiveMinutes)
        {
            return "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.";
        }

        all[count++] = new Breakpoint(last, ttl);
        return null;
    }
}
