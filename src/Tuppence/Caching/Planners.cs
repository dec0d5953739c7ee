using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Rewriting;

namespace Tuppence.Caching;

/// <summary>Makes the planner, the same for the gateway and for commands that show what it does.</summary>
internal static class Planners
{
    /// <summary>A planner that has seen nothing yet.</summary>
    public static Planner Create() => new(new PlannerOptions(), new ConversationRewriting());
}
