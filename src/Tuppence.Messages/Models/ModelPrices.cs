using System.Runtime.InteropServices;

namespace Tuppence.Messages.Models;

/// <summary>Prices in nano-dollars (10^-9 USD) a token: $1 a million tokens is 1,000.</summary>
/// <param name="Input">Input that is neither read from nor written to the cache.</param>
/// <param name="Output">Output, thinking included.</param>
/// <param name="CacheWrite5m">Input written to the cache for five minutes.</param>
/// <param name="CacheWrite1h">Input written to the cache for an hour.</param>
/// <param name="CacheRead">Input read from the cache.</param>
/// <param name="BatchInput">Input in a batch.</param>
/// <param name="BatchOutput">Output in a batch.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ModelPrices(
    long Input, long Output, long CacheWrite5m, long CacheWrite1h, long CacheRead, long BatchInput, long BatchOutput)
{
    /// <summary>So many percent of each, to the nearest nano-dollar. What is billed is reckoned without that rounding: <see cref="Pricing.PriceList"/>.</summary>
    public ModelPrices Times(int percent) => percent == 100 ? this : new(
        Part(Input, percent), Part(Output, percent), Part(CacheWrite5m, percent), Part(CacheWrite1h, percent), Part(CacheRead, percent), Part(BatchInput, percent), Part(BatchOutput, percent));

    private static long Part(long price, int percent) => ((price * percent) + 50) / 100;
}
