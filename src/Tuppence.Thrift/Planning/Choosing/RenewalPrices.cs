using System.Runtime.InteropServices;
using Tuppence.Messages.Models;

namespace Tuppence.Thrift.Planning.Choosing;

/// <summary>Prices as multiples of uncached input.</summary>
/// <param name="Read">Reading.</param>
/// <param name="Write5m">Writing for five minutes.</param>
/// <param name="Write1h">Writing for an hour; infinite where that cannot be had.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RenewalPrices(double Read, double Write5m, double Write1h)
{
    /// <summary>Of a model's prices.</summary>
    public static RenewalPrices Of(in ModelPrices prices, bool has1h)
    {
        var input = (double)Math.Max(1, prices.Input);
        return new RenewalPrices(prices.CacheRead / input, prices.CacheWrite5m / input, has1h ? prices.CacheWrite1h / input : double.PositiveInfinity);
    }
}
