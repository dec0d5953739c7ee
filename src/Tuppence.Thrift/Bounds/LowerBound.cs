using System.Runtime.InteropServices;
using Tuppence.Messages.Models;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Bounds;

/// <summary>The least that the input of a series of requests can have cost, whoever places the breakpoints and whatever he knows of the future.</summary>
/// <remarks>
/// All requests form a tree of prefixes. Each of its edges (a block after all that stand before it) is asked for at certain times, and at
/// each the block is paid plain, written for five minutes or an hour, or read if it is alive. Without the limits on number, order, size
/// and look-back of breakpoints the edges do not depend on each other, and the cheapest course of each is found by carrying three costs:
/// nothing kept, kept for five minutes, kept for an hour. No placement within the limits can be cheaper than their sum.
/// One bound is for one scope of the cache. Not safe for parallel use.
/// </remarks>
/// <param name="entries">With <see cref="EntryModel.Independent"/> a block that is read may live on in a longer entry behind it.</param>
/// <param name="pings">Whether requests of its own may keep the cache alive in pauses, each at the price of a read.</param>
public sealed class LowerBound(EntryModel entries = EntryModel.Chained, bool pings = false)
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan OneHour = TimeSpan.FromHours(1);

    private readonly Dictionary<UInt128, Edge> edges = [];

    /// <summary>The bound for all requests so far, in nano-dollars.</summary>
    public long Cost { get; private set; }

    /// <summary>Takes the next request; they come in the order of their starts.</summary>
    /// <param name="prompt">Its blocks; what breakpoints it has does not matter.</param>
    /// <param name="at">When it starts.</param>
    /// <param name="prices">What its tokens cost.</param>
    public void Add(Prompt prompt, DateTimeOffset at, in ModelPrices prices)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        foreach (ref readonly var block in prompt.Blocks)
        {
            ref var edge = ref CollectionsMarshal.GetValueRefOrAddDefault(edges, block.Prefix, out var known);
            var before = known ? edge.Least : 0;
            edge = known
                ? Next(edge, at, prices)
                : new Edge { Plain = prices.Input, Five = prices.CacheWrite5m, Hour = prices.CacheWrite1h, Last = at };
            Cost += block.Tokens * (edge.Least - before);
        }
    }

    private Edge Next(in Edge edge, DateTimeOffset at, in ModelPrices prices)
    {
        var gap = at - edge.Last;
        var five = Alive(edge.Five, gap, FiveMinutes, prices.CacheRead);
        var hour = Alive(edge.Hour, gap, OneHour, prices.CacheRead);
        var lengthened = entries == EntryModel.Independent ? Math.Min(five, hour) : hour;
        return new Edge
        {
            Plain = edge.Least + prices.Input,
            Five = Math.Min(edge.Least + prices.CacheWrite5m, five + prices.CacheRead),
            Hour = Math.Min(edge.Least + prices.CacheWrite1h, lengthened + prices.CacheRead),
            Last = at,
        };
    }

    /// <summary>What it costs to have a kept block still alive after a pause.</summary>
    private long Alive(long cost, TimeSpan gap, TimeSpan life, long read)
    {
        var needed = gap <= life ? 0 : ((gap.Ticks + life.Ticks - 1) / life.Ticks) - 1;
        return needed == 0 ? cost : pings ? cost + (needed * read) : long.MaxValue / 4;
    }

    /// <summary>An edge: the least cost per token by what is kept after the last request.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Edge
    {
        public long Plain;
        public long Five;
        public long Hour;
        public DateTimeOffset Last;

        public readonly long Least => Math.Min(Plain, Math.Min(Five, Hour));
    }
}
