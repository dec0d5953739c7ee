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
    private readonly Dictionary<UInt128, BlockCourse> edges = [];

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
            ref var edge = ref CollectionsMarshal.GetValueRefOrAddDefault(edges, block.Prefix, out _);
            Cost += block.Tokens * edge.Visit(at, prices, entries, pings);
        }
    }
}
