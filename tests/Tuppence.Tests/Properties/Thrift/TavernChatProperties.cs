using Tuppence.Thrift;
using Tuppence.Thrift.Replays;

namespace Tuppence.Tests.Properties.Thrift;

/// <summary>No rewriting may make a chat dearer: where it does not pay, it does not begin, or ends before it has cost anything to speak of.</summary>
public sealed class TavernChatProperties
{
    private static readonly CacheLevel[] Levels = [CacheLevel.Split, CacheLevel.Relocate, CacheLevel.Window, CacheLevel.RelocateWindow];

    private static readonly Dictionary<string, TavernHabits> Habits = new(StringComparer.Ordinal)
    {
        ["note at 1, lore at 2"] = new() { NoteDepth = 1, DeepLore = 6, LoreDepth = 2 },
        ["note at 1, lore at 2, a model with system messages"] = new() { NoteDepth = 1, DeepLore = 6, LoreDepth = 2, Model = "claude-opus-5" },
        ["note at 4, lore at 4"] = new() { NoteDepth = 4, DeepLore = 8, Swipes = 0.2 },
        ["few lore entries at the top"] = new() { Lore = 3, Model = "claude-opus-5" },
        ["lore everywhere"] = new() { Lore = 16, DeepLore = 6, NoteDepth = 4, Swipes = 0.2, Edits = 0.1 },
        ["no system prompt"] = new() { IsWithoutSystem = true, Lore = 4, NoteDepth = 2 },
        ["macros"] = new() { HasMacros = true, NoteDepth = 4 },
        ["recalled memories"] = new() { HasVectors = true },
        ["a summary that hides"] = new() { SummaryEvery = 8, IsHiding = true },
        ["a summary that hides, and lore"] = new() { SummaryEvery = 8, IsHiding = true, Lore = 6, NoteDepth = 4, Model = "claude-opus-5" },
        ["a summary"] = new() { SummaryEvery = 6 },
        ["three speakers"] = new() { Speakers = 3, NoteDepth = 4, Turns = 18 },
        ["three speakers at the limit"] = new() { Speakers = 3, NoteDepth = 4, Turns = 22, Limit = 12000 },
        ["at the limit"] = new() { Limit = 8000, Swipes = 0.2, Turns = 50 },
        ["lore at the limit"] = new() { Limit = 10000, Lore = 10, Turns = 50 },
        ["tools at the limit"] = new() { Limit = 12000, Tools = 0.2, Turns = 50 },
        ["edits and deletions"] = new() { Edits = 0.2, Deletions = 0.15, Swipes = 0.3, IsPersonaChanged = true },
    };

    public static TheoryData<string> Kinds => [.. Habits.Keys];

    [Theory, MemberData(nameof(Kinds))]
    public void No_level_costs_2_percent_more_than_breakpoints_alone(string kind)
    {
        foreach (var seed in (int[])[1, 2, 3])
        {
            var trace = new TavernChat(Habits[kind], seed).Play();
            var markers = Cost(trace, CacheLevel.Markers);
            foreach (var level in Levels)
            {
                var cost = Cost(trace, level);
                Assert.True(cost.Ratio <= markers.Ratio * 1.02, $"{kind}, seed {seed}: {cost.Ratio:F4} at {level}, {markers.Ratio:F4} with breakpoints alone.");
                Assert.True(cost.KeptText >= 0.995 && cost.AddedText <= 0.1, $"{kind}, seed {seed}, {level}: {cost.KeptText:P2} kept, {cost.AddedText:P2} added.");
                Assert.Equal(0, cost.Rejected);
            }
        }
    }

    private static ReplayResult Cost(IReadOnlyList<Tuppence.Thrift.Traces.TraceRequest> trace, CacheLevel level)
    {
        var options = new ReplayOptions { Level = level };
        return new TraceReplay(options, ReplayPlanner.For(options)).Run(trace);
    }
}
