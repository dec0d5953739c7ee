using System.Globalization;
using Tuppence.Messages.Usage;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Caching;

/// <summary>Turns what an answer reports into the planner's terms.</summary>
internal static class CacheBills
{
    private const decimal Nano = 1_000_000_000m;

    /// <summary>How the input was billed. Where the answer does not say for how long something was written, it is divided as planned.</summary>
    public static CacheBill Of(in TokenUsage usage, PlannedTurn turn)
    {
        var hour = usage.CacheWrite1h ?? PlannedForAnHour(usage.CacheWrite, turn.Forecast);
        return new CacheBill(usage.CacheRead, hour, usage.CacheWrite - hour, usage.Uncached);
    }

    /// <summary>Nano-dollars as dollars.</summary>
    public static string Dollars(long nano) => (nano / Nano).ToString("0.000000", CultureInfo.InvariantCulture);

    private static int PlannedForAnHour(int written, in CacheBill forecast) =>
        forecast.Write1h == 0 ? 0 : forecast.Write5m == 0 ? written : Math.Min(written, forecast.Write1h);
}
