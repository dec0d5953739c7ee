using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>The two times to live, in ticks.</summary>
internal static class Lives
{
    /// <summary>Five minutes.</summary>
    public const long FiveMinutes = 5 * TimeSpan.TicksPerMinute;

    /// <summary>One hour.</summary>
    public const long OneHour = TimeSpan.TicksPerHour;

    /// <summary>The time to live in ticks.</summary>
    public static long Of(Ttl ttl) => ttl == Ttl.OneHour ? OneHour : FiveMinutes;
}
