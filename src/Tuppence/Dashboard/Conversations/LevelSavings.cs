using Tuppence.Thrift;
using Tuppence.Thrift.Accounts;

namespace Tuppence.Dashboard.Conversations;

/// <summary>What another level would save a conversation, as far as its account supports a figure.</summary>
internal static class LevelSavings
{
    /// <summary>
    /// Nano-dollars in 100 messages: the advice whose remedy the level is or holds, added up, for each is about costs of its own. Null: the account
    /// does not tell.
    /// </summary>
    public static long? Of(CacheLevel level, IReadOnlyList<Advice> advice)
    {
        var savings = advice.Where(one => one.Level is { } remedy && Holds(level, remedy)).Select(static one => one.SavingPer100).ToList();
        return savings.Count == 0 ? null : savings.Sum();
    }

    private static bool Holds(CacheLevel level, CacheLevel remedy) =>
        level == remedy || (level == CacheLevel.RelocateWindow && remedy is CacheLevel.Relocate or CacheLevel.Window);
}
