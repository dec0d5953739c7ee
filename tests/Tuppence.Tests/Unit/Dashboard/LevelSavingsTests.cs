using Tuppence.Dashboard.Conversations;
using Tuppence.Thrift;
using Tuppence.Thrift.Accounts;

namespace Tuppence.Tests.Unit.Dashboard;

public sealed class LevelSavingsTests
{
    private static readonly Advice[] Given =
    [
        new(BreakCause.Lore, CacheLevel.Relocate, 100, 80, ""),
        new(BreakCause.Clock, CacheLevel.Relocate, 10, 9, ""),
        new(BreakCause.Truncation, CacheLevel.Window, 1000, 600, ""),
        new(BreakCause.Effort, null, 5, 5, ""),
    ];

    [Theory]
    [InlineData(CacheLevel.Relocate, 89L)]
    [InlineData(CacheLevel.Window, 600L)]
    [InlineData(CacheLevel.RelocateWindow, 689L)]
    [InlineData(CacheLevel.Markers, null)]
    [InlineData(CacheLevel.Split, null)]
    public void A_level_saves_what_each_remedy_in_it_saves_and_nothing_is_said_without_figures(CacheLevel level, long? saving) =>
        Assert.Equal(saving, LevelSavings.Of(level, Given));
}
