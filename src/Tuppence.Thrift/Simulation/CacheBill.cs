using System.Runtime.InteropServices;
using Tuppence.Messages.Models;

namespace Tuppence.Thrift.Simulation;

/// <summary>How the input tokens of one request are billed; the four add up to all of them.</summary>
/// <param name="Read">Read from the cache.</param>
/// <param name="Write1h">Written for an hour.</param>
/// <param name="Write5m">Written for five minutes.</param>
/// <param name="Uncached">Neither.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CacheBill(int Read, int Write1h, int Write5m, int Uncached)
{
    /// <summary>All input tokens.</summary>
    public int Tokens => Read + Write1h + Write5m + Uncached;

    /// <summary>What they cost, in nano-dollars.</summary>
    public long Cost(in ModelPrices prices) =>
        (Read * prices.CacheRead) + (Write1h * prices.CacheWrite1h) + (Write5m * prices.CacheWrite5m) + (Uncached * prices.Input);
}
