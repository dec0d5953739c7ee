using Tuppence.Thrift.Planning;

namespace Tuppence.Thrift.SingleFlight;

/// <summary>What a request hopes to read from the cache and what it is about to write to it: where others read or write the same.</summary>
public sealed record FlightTicket
{
    /// <summary>Who shares the cache, as in <see cref="PlanContext.Scope"/>.</summary>
    public required string Scope { get; init; }

    /// <summary>Hash of the prompt up to the deepest entry that it reads, whether or not that can be read yet; null where there is none.</summary>
    public UInt128? Reads { get; init; }

    /// <summary>Hashes of the prompt up to each breakpoint that is written.</summary>
    public IReadOnlyList<UInt128> Writes { get; init; } = [];

    /// <summary>What another request saves by reading this instead of writing it as well: (w - r) for each token that is written, in nano-dollars.</summary>
    public long Saving { get; init; }

    /// <summary>The ticket of a planned request. Null where it neither reads nor writes anything, was planned to wait for nobody, or will not be sent.</summary>
    public static FlightTicket? For(CachePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Turn is not { Context: { IsRehearsal: false, AwaitsWrites: true } } turn)
        {
            return null;
        }

        var blocks = plan.Prompt.Blocks;
        var writes = new List<UInt128>();
        foreach (var breakpoint in turn.Placed)
        {
            if (breakpoint.Block > turn.Hit && breakpoint.Block < blocks.Length)
            {
                writes.Add(blocks[breakpoint.Block].Prefix);
            }
        }

        var prices = turn.Context.PricesFor(turn.Forecast.Tokens);
        var saving = (turn.Forecast.Write5m * (prices.CacheWrite5m - prices.CacheRead)) + (turn.Forecast.Write1h * (prices.CacheWrite1h - prices.CacheRead));
        return turn.Hit < 0 && writes.Count == 0 ? null : new FlightTicket
        {
            Scope = turn.Context.Scope,
            Reads = turn.Hit < 0 ? null : blocks[turn.Hit].Prefix,
            Writes = writes,
            Saving = saving,
        };
    }
}
