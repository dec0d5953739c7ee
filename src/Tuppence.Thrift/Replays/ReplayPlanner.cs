using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Rewriting;

namespace Tuppence.Thrift.Replays;

/// <summary>Makes the planner of a replay: the gateway's, with the benchmark's count of tokens.</summary>
public static class ReplayPlanner
{
    /// <summary>Makes one; each trace gets its own, which knows nothing yet.</summary>
    public static Planner For(ReplayOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ITokenCounter tokens = options.TokenError > 0 ? new WrongTokenCounter(options.TokenError) : ByteTokenCounter.Instance;
        return new Planner(new PlannerOptions { Tokens = tokens, Models = options.Models }, new ConversationRewriting());
    }
}
