using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Accounts;

/// <summary>A block after all that stand before it, as some request had it.</summary>
internal sealed class PrefixNode(UInt128 key, PrefixNode? parent, in PromptBlock block)
{
    private static readonly TimeSpan ShortLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongLife = TimeSpan.FromHours(1);

    // The least cost of one token so far, by what is kept after the latest visit: nothing, for five minutes, for an hour.
    private long plain;
    private long five;
    private long hour;
    private TimeSpan life;

    public UInt128 Key { get; } = key;

    public PrefixNode? Parent { get; } = parent;

    public UInt128 Content { get; } = block.Hash;

    public int Tokens { get; } = block.Tokens;

    public int Message { get; } = block.Message;

    public PromptSection Section { get; } = block.Section;

    public MessageRole Role { get; } = block.Role;

    /// <summary>The latest request that went through here.</summary>
    public TurnTrail? Trail { get; set; }

    public DateTimeOffset LatestVisit { get; private set; } = DateTimeOffset.MinValue;

    public PrefixNode? Newer { get; set; }

    public PrefixNode? Older { get; set; }

    /// <summary>Whether the provider has ever been billing for keeping it.</summary>
    public bool WasKept => life > TimeSpan.Zero;

    /// <summary>Until when what was billed should have kept it.</summary>
    public DateTimeOffset KeptUntil { get; private set; }

    /// <summary>The provider billed a read or a write that covers it.</summary>
    /// <param name="at">When the request started.</param>
    /// <param name="written">For how long it was written; null where it was read.</param>
    public void Keep(DateTimeOffset at, Ttl? written)
    {
        var longer = written switch
        {
            Ttl.OneHour => LongLife,
            Ttl.FiveMinutes => ShortLife,
            _ => life == TimeSpan.Zero ? ShortLife : life,
        };
        life = written is null || KeptUntil < at || longer > life ? longer : life;
        KeptUntil = at + life > KeptUntil ? at + life : KeptUntil;
    }

    /// <summary>Carries the costs on by one visit; answers what that adds to the lower bound of a token, in nano-dollars.</summary>
    /// <remarks>Reference: the three-state course of each edge; no limit of number, order or size of breakpoints makes it dearer.</remarks>
    public long Visit(DateTimeOffset at, in ModelPrices prices)
    {
        var first = LatestVisit == DateTimeOffset.MinValue;
        var before = first ? 0 : Least;
        var gap = at - LatestVisit;
        var (fromFive, fromHour) = (!first && gap <= ShortLife ? five : long.MaxValue / 4, !first && gap <= LongLife ? hour : long.MaxValue / 4);
        plain = before + prices.Input;
        five = Math.Min(before + prices.CacheWrite5m, fromFive + prices.CacheRead);
        hour = Math.Min(before + prices.CacheWrite1h, fromHour + prices.CacheRead);
        LatestVisit = at > LatestVisit ? at : LatestVisit;
        return Least - before;
    }

    private long Least => Math.Min(plain, Math.Min(five, hour));
}
