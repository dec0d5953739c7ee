using Tuppence.Configuration;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Rewriting;

namespace Tuppence.Caching;

/// <summary>Makes the planner, the same for the gateway and for commands that show what it does.</summary>
internal static class Planners
{
    /// <summary>A planner that has seen nothing yet. It estimates tokens, and learns from the bills what its estimates come to.</summary>
    public static Planner Create(CacheConfig config) => new(new PlannerOptions { Tokens = ScriptTokenCounter.Instance }, new ConversationRewriting(new RewritingOptions
    {
        LowWater = config.LowWaterPercent / 100.0,
        ClockStep = config.ClockStepMinutes == 0 ? null : TimeSpan.FromMinutes(config.ClockStepMinutes),
    }));
}
