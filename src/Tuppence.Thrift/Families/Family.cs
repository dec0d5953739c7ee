using System.Globalization;
using Tuppence.Thrift.Traces;

namespace Tuppence.Thrift.Families;

/// <summary>A family of made-up traces that have one trait of real ones each; the same seed always gives the same trace.</summary>
/// <param name="Number">1 to 19; the tables show <c>T1</c> to <c>T19</c>.</param>
/// <param name="Name">What its traces have in common.</param>
/// <param name="Make">Makes the trace of a seed, 0 or more.</param>
public sealed record Family(int Number, string Name, Func<int, IReadOnlyList<TraceRequest>> Make)
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<Family> All =
    [
        Of(1, "append only", FrontEndFamilies.AppendOnly),
        Of(2, "static tail", FrontEndFamilies.StaticTail),
        Of(3, "edits", FrontEndFamilies.Edits),
        Of(4, "note at depth 4", FrontEndFamilies.NoteAtDepth),
        Of(5, "lore at top", FrontEndFamilies.LoreAtTop),
        Of(6, "clock", FrontEndFamilies.Clock),
        Of(7, "random macro", FrontEndFamilies.RandomMacro),
        new(8, "full context", static seed => SessionFamilies.FullContext(new ChatStage(8, seed), seed)),
        Of(9, "group chat", SessionFamilies.GroupChat),
        Of(10, "agent loop", WorkFamilies.AgentLoop),
        Of(11, "side calls", WorkFamilies.SideCalls),
        Of(12, "one-off prompts", WorkFamilies.OneOffs),
        Of(13, "switches", FrontEndFamilies.Switches),
        Of(14, "parallel swipes", SessionFamilies.ParallelSwipes),
        Of(15, "interleaved chats", SessionFamilies.Interleaved),
        Of(16, "long pauses", SessionFamilies.LongPauses),
        Of(17, "pictures", FrontEndFamilies.Pictures),
        Of(18, "Haiku's step", SessionFamilies.AroundHaikusStep),
        Of(19, "reordered lore", FrontEndFamilies.ReorderedLore),
    ];

    /// <summary>Its short name, such as <c>T8</c>.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"T{Number}");

    private static Family Of(int number, string name, Func<ChatStage, IReadOnlyList<TraceRequest>> play) =>
        new(number, name, seed => play(new ChatStage(number, seed)));
}
