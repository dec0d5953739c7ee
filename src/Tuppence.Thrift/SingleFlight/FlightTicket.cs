using System.Runtime.InteropServices;
using Tuppence.Thrift.Planning;

namespace Tuppence.Thrift.SingleFlight;

/// <summary>What a request is about to write to the cache: where others would write the same.</summary>
/// <param name="Scope">Who shares the cache, as in <see cref="PlanContext.Scope"/>.</param>
/// <param name="Prefix">Hash of the prompt up to where another request is writing it, else up to the deepest breakpoint.</param>
/// <param name="Saving">What another request saves by reading this instead of writing it as well: (w - r) for each token that would be written, in nano-dollars.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FlightTicket(string Scope, UInt128 Prefix, long Saving)
{
    /// <summary>The ticket of a planned request. Null where it writes nothing, or will not be sent; then nobody gains by waiting.</summary>
    public static FlightTicket? For(CachePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (plan.Turn is not { Context.IsRehearsal: false, Breakpoints: [.., var deepest] } turn || deepest.Block >= plan.Prompt.Blocks.Length)
        {
            return null;
        }

        // What another request is writing already, though it writes less, is what this one waits for; else it goes first with what it writes itself.
        var shared = turn.Pending >= 0 ? turn.Pending : deepest.Block;
        var prices = turn.Context.PricesFor(turn.Forecast.Tokens);
        var saving = (turn.Forecast.Write5m * (prices.CacheWrite5m - prices.CacheRead)) + (turn.Forecast.Write1h * (prices.CacheWrite1h - prices.CacheRead));
        return saving <= 0 ? null : new FlightTicket(turn.Context.Scope, plan.Prompt.Blocks[shared].Prefix, saving);
    }
}
