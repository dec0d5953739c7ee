using System.Runtime.InteropServices;
using Tuppence.Messages.Models;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Bounds;

/// <summary>The cheapest course of one block at one prefix through the requests that have it: three costs of a token, by what is kept after the latest.</summary>
/// <remarks>
/// At each request the block is paid plain, written for five minutes or an hour, or read if it is alive. No limit on number, order, size or
/// look-back of breakpoints counts, so no placement is cheaper. A new one stands before its first request.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct BlockCourse
{
    public static readonly TimeSpan ShortLife = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan LongLife = TimeSpan.FromHours(1);
    private const long Dead = long.MaxValue / 4;

    private long plain;
    private long five;
    private long hour;
    private bool begun;

    /// <summary>When the latest request was, or what was written for nothing.</summary>
    public DateTimeOffset Latest { get; private set; }

    private readonly long Least => Math.Min(plain, Math.Min(five, hour));

    /// <summary>Carries the costs on by one request; answers what that adds to the bound of a token, in nano-dollars.</summary>
    /// <param name="at">When it starts.</param>
    /// <param name="prices">What its tokens cost.</param>
    /// <param name="entries">With <see cref="EntryModel.Independent"/> a block that is read may live on in a longer entry behind it.</param>
    /// <param name="pings">Whether requests of its own may keep it alive in pauses, each at the price of a read.</param>
    public long Visit(DateTimeOffset at, in ModelPrices prices, EntryModel entries = EntryModel.Chained, bool pings = false)
    {
        var before = Least;
        var (fromFive, fromHour) = (Alive(five, ShortLife, at, prices.CacheRead, pings), Alive(hour, LongLife, at, prices.CacheRead, pings));
        fromHour = entries == EntryModel.Independent ? Math.Min(fromFive, fromHour) : fromHour;
        plain = before + prices.Input;
        five = Math.Min(before + prices.CacheWrite5m, fromFive + prices.CacheRead);
        hour = Math.Min(before + prices.CacheWrite1h, fromHour + prices.CacheRead);
        Latest = !begun || at > Latest ? at : Latest;
        begun = true;
        return Least - before;
    }

    /// <summary>Somebody else had the block at that time, and may have written it for an hour at his own expense.</summary>
    public void WriteForNothing(DateTimeOffset at)
    {
        plain = five = hour = Least;
        Latest = at;
        begun = true;
    }

    /// <summary>What it costs to have the kept block still alive after the pause.</summary>
    private readonly long Alive(long cost, TimeSpan life, DateTimeOffset at, long read, bool pings)
    {
        if (!begun)
        {
            return Dead;
        }

        var gap = at - Latest;
        return gap <= life ? cost
            : pings ? cost + ((((gap.Ticks + life.Ticks - 1) / life.Ticks) - 1) * read)
            : Dead;
    }
}
