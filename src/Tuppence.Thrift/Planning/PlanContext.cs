using System.Runtime.InteropServices;
using Tuppence.Messages.Models;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Planning;

/// <summary>What a plan depends on beside the request itself.</summary>
/// <param name="Scope">Who shares a cache: upstream and account, as one opaque text without secrets.</param>
/// <param name="Level">What may be done.</param>
/// <param name="Prices">Prices of the model there, in nano-dollars a token.</param>
/// <param name="MinTokens">Smallest prefix that the model caches there, in tokens.</param>
/// <param name="At">When the request starts.</param>
/// <param name="TakesSystemMessages">Whether the model takes messages of role <c>system</c> inside <c>messages</c>.</param>
/// <param name="Has1h">Whether the upstream takes a time to live of an hour.</param>
/// <param name="LongPrices">What all tokens of a request cost once its prompt is longer than <paramref name="LongAbove"/>; null: the same.</param>
/// <param name="LongAbove">Prompt tokens, cached ones included.</param>
/// <param name="IsRehearsal">
/// Whether the request will not be sent: it is planned and rewritten exactly as it would be, and nothing is remembered of it. Its turn counts as settled from the beginning.
/// </param>
/// <param name="AwaitsWrites">
/// Whether the request will be held back until what others are writing can be read (<see cref="SingleFlight.SingleFlightGate"/>): then it is planned as if it could be already.
/// </param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PlanContext(
    string Scope, CacheLevel Level, ModelPrices Prices, int MinTokens, DateTimeOffset At, bool TakesSystemMessages = false, bool Has1h = true,
    ModelPrices? LongPrices = null, int LongAbove = 0, bool IsRehearsal = false, bool AwaitsWrites = false)
{
    /// <summary>Prices of a request with that many input tokens, in nano-dollars a token.</summary>
    public ModelPrices PricesFor(int tokens) => LongPrices is { } larger && tokens > LongAbove ? larger : Prices;

    /// <summary>What a bill comes to, in nano-dollars.</summary>
    public long CostOf(in CacheBill bill) => bill.Cost(PricesFor(bill.Tokens));
}
