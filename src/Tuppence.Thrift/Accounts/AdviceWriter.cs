using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Accounts;

/// <summary>Turns figures into advice, where they support any.</summary>
/// <remarks>
/// Advice needs five turns, three breaks of its kind, a saving of a cent in 100 messages and of a twentieth of what is spent. Savings are
/// what the conversation's own breaks cost, less what the remedy costs: relocated text is paid in full in each turn; a window that is cut in
/// chunks of a quarter still breaks once a chunk; an hour's entry costs 0.75 more for each token written.
/// </remarks>
internal static class AdviceWriter
{
    private const int LeastTurns = 5;
    private const int LeastBreaks = 3;
    private const long LeastSaving = 10_000_000;

    public static IReadOnlyList<Advice> Write(int turns, long spent, IReadOnlyList<CauseTotal> causes, IReadOnlyList<TurnAccount> recent)
    {
        if (turns < LeastTurns || recent.Count == 0)
        {
            return [];
        }

        var level = recent[^1].Level;
        var list = new List<Advice>();
        foreach (var total in causes)
        {
            if (total.Turns >= LeastBreaks && Of(total, level, recent) is { } remedy)
            {
                Add(list, turns, spent, total, remedy);
            }
        }

        return [.. list.OrderByDescending(static advice => advice.SavingPer100)];
    }

    private static void Add(List<Advice> list, int turns, long spent, CauseTotal total, (CacheLevel? Level, double Kept, string What, string Then) remedy)
    {
        var per100 = (long)(total.Cost * 100.0 / turns);
        var saving = (long)(per100 * remedy.Kept);
        if (saving < LeastSaving || saving * 20 < spent * 100.0 / turns)
        {
            return;
        }

        var text = $"{remedy.What} costs you {Money.Format(per100)} per 100 messages; {remedy.Then} would save {Money.Format(saving)}.";
        list.Add(new Advice(total.Cause, remedy.Level, per100, saving, text));
    }

    /// <summary>What would help, and which share of the cause's cost it would keep in the user's pocket.</summary>
    private static (CacheLevel? Level, double Kept, string What, string Then)? Of(CauseTotal total, CacheLevel level, IReadOnlyList<TurnAccount> recent)
    {
        var relocates = level is CacheLevel.Relocate or CacheLevel.RelocateWindow;
        var windows = level is CacheLevel.Window or CacheLevel.RelocateWindow;
        var relocated = windows ? CacheLevel.RelocateWindow : CacheLevel.Relocate;
        var windowed = relocates ? CacheLevel.RelocateWindow : CacheLevel.Window;
        return total.Cause switch
        {
            BreakCause.Clock when !relocates => (relocated, 0.9, "The clock in your instructions", LevelText(relocated)),
            BreakCause.Random when !relocates => (relocated, 0.9, "The random macro in your instructions", LevelText(relocated)),
            BreakCause.Lore when !relocates => (relocated, 0.8, "Lore that comes and goes before the history", LevelText(relocated)),
            BreakCause.Summary when !relocates => (relocated, 0.8, "A summary that is rewritten before the history", LevelText(relocated)),
            BreakCause.Truncation when !windows => (windowed, Chunked(recent), "Dropping the oldest messages a few at a time", LevelText(windowed)),
            BreakCause.NotWritten when level is CacheLevel.Off or CacheLevel.Respect => (CacheLevel.Markers, 0.7, "Sending again what was never written to the cache", LevelText(CacheLevel.Markers)),
            BreakCause.Expiry when level is CacheLevel.Off or CacheLevel.Respect && LongLifePays(recent, total) is > 0 and var kept => (CacheLevel.Markers, kept, "Pausing for longer than five minutes", LevelText(CacheLevel.Markers)),
            BreakCause.Effort or BreakCause.Thinking => (null, 1, "Changing effort or thinking in the middle of the chat", "leaving it alone"),
            _ => null,
        };
    }

    private static string LevelText(CacheLevel level) => level == CacheLevel.RelocateWindow ? "relocate+window" : level.ToString().ToLowerInvariant();

    /// <summary>A window cut by a quarter at once breaks once in as many turns as that quarter holds.</summary>
    private static double Chunked(IReadOnlyList<TurnAccount> recent)
    {
        var window = recent.Average(static turn => turn.Reported.Tokens);
        var turnSize = Math.Max(1, recent.Average(static turn => Math.Max(0, turn.Reported.Tokens - turn.SharedTokens - turn.Break.Tokens)));
        var turnsPerChunk = window / 4 / turnSize;
        return turnsPerChunk <= 1 ? 0 : 0.9 * (1 - (1 / turnsPerChunk));
    }

    /// <summary>The share of the cost of expired entries that is left once all that was written is written for an hour.</summary>
    private static double LongLifePays(IReadOnlyList<TurnAccount> recent, CauseTotal total)
    {
        var lost = recent.Where(static turn => turn.Break is { Cause: BreakCause.Expiry } at && at.Pause <= TimeSpan.FromHours(1)).Sum(static turn => turn.Break.Cost);
        var premium = recent.Sum(static turn => turn.Break.Cause == BreakCause.Expiry ? 0 : Premium(turn.Reported, turn));
        return total.Cost == 0 ? 0 : Math.Clamp((double)(lost - premium) / total.Cost, 0, 1);
    }

    private static long Premium(CacheBill bill, TurnAccount turn) => bill.Tokens == 0 ? 0 : (long)(bill.Write5m * 0.75 * turn.UncachedCost / bill.Tokens);
}
