using Tuppence.Thrift.Planning.Lineages;

namespace Tuppence.Thrift.Planning.Snapshots;

/// <summary>All that a scope has learned, to be written and read.</summary>
/// <param name="Tree">Prefixes, and what the provider holds at them.</param>
/// <param name="Index">Conversations by their messages.</param>
/// <param name="Gaps">Pauses of all conversations.</param>
/// <param name="Guard">Accounts.</param>
/// <param name="Losses">Reads that failed.</param>
/// <param name="Pool">Latest requests of all conversations.</param>
/// <param name="Scales">Token scales by model.</param>
internal sealed record ScopeMemory(
    PrefixTree Tree, LineageIndex Index, GapStatistics Gaps, SpendingGuard Guard, LossRate Losses, List<Visit> Pool, TokenScales Scales)
{
    /// <summary>Number of the latest writing.</summary>
    public long Serial { get; set; }
}
