using Tuppence.Messages.Models;
using Tuppence.Thrift.KeepAlive;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Caching;

/// <summary>A conversation whose cache may be kept alive. Guarded by the lock of <see cref="KeepAlive"/>.</summary>
internal sealed class KeptConversation(long lineage)
{
    /// <summary>The planner's number for it.</summary>
    public long Lineage => lineage;

    /// <summary>What is sent; null while a request of the conversation is under way.</summary>
    public Ping? Ping { get; set; }

    /// <summary>The turn that it repeats.</summary>
    public required PlannedTurn Turn { get; set; }

    /// <summary>Tokens up to the deepest breakpoint.</summary>
    public int PrefixTokens { get; set; }

    /// <summary>Tokens behind it.</summary>
    public int TailTokens { get; set; }

    /// <summary>Prices of the model.</summary>
    public ModelPrices Prices { get; set; }

    /// <summary>The shortest time to live among its breakpoints.</summary>
    public Ttl Ttl { get; set; }

    /// <summary>When its latest real request started.</summary>
    public DateTimeOffset LatestStart { get; set; }

    /// <summary>Pings since then.</summary>
    public int Pings { get; set; }

    /// <summary>When the latest of them started.</summary>
    public DateTimeOffset LatestPing { get; set; }

    /// <summary>What its pings cost so far, in nano-dollars.</summary>
    public long Spent { get; set; }

    /// <summary>Wakes the next ping.</summary>
    public ITimer? Timer { get; set; }

    /// <summary>What the policy decides on.</summary>
    /// <param name="spentInAll">What all pings of the day cost so far, in nano-dollars.</param>
    public KeepAliveCase Case(long spentInAll) => new(PrefixTokens, TailTokens, Prices, Ttl, LatestStart, Pings, LatestPing, Spent, spentInAll);

    /// <summary>What a ping costs at worst, in nano-dollars: where the entry is gone already, it writes it anew.</summary>
    public long WorstCost => (PrefixTokens * (Ttl == Ttl.OneHour ? Prices.CacheWrite1h : Prices.CacheWrite5m)) + (TailTokens * Prices.Input);
}
