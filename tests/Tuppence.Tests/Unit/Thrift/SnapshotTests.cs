using Tuppence.Thrift.Planning;

namespace Tuppence.Tests.Unit.Thrift;

public sealed class SnapshotTests
{
    [Fact]
    public void A_planner_that_was_saved_goes_on_as_if_nothing_had_happened()
    {
        var stage = Talked();
        var restored = new BreakpointPlanner();
        Assert.True(restored.TryLoad(stage.Planner.Breakpoints.Save()));
        var next = ThriftBodies.Read(Chat(12));
        var expected = stage.Planner.Breakpoints.Plan(next, ThriftBodies.Context(12));
        var actual = restored.Plan(next, ThriftBodies.Context(12));
        Assert.True(expected.Forecast.Read > 0);
        Assert.Equal(expected.Forecast, actual.Forecast);
        Assert.Equal(expected.Breakpoints, actual.Breakpoints);
        Assert.Equal(expected.Lineage, actual.Lineage);
        Assert.Equal(expected.Divergence, actual.Divergence);
    }

    [Fact]
    public void Saving_twice_gives_the_same_bytes()
    {
        var bytes = Talked().Planner.Breakpoints.Save();
        var restored = new BreakpointPlanner();
        Assert.True(restored.TryLoad(bytes));
        Assert.Equal(bytes.Length, restored.Save().Length);
    }

    [Fact]
    public void Damaged_bytes_are_refused_and_change_nothing()
    {
        var bytes = Talked().Planner.Breakpoints.Save();
        var planner = new BreakpointPlanner();
        for (var at = 0; at < bytes.Length; at += 97)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 0x55;
            Assert.False(planner.TryLoad(damaged));
            Assert.False(planner.TryLoad(bytes.AsSpan(0, at)));
        }

        Assert.Equal(0, planner.Plan(ThriftBodies.Read(Chat(12)), ThriftBodies.Context(12)).Forecast.Read);
    }

    private static ThriftStage Talked()
    {
        var stage = new ThriftStage();
        for (var turn = 1; turn < 12; turn++)
        {
            stage.Send(Chat(turn), turn);
        }

        return stage;
    }

    private static byte[] Chat(int turns) =>
        ThriftBodies.Chat([ThriftBodies.Text("card", 2000)], Enumerable.Range(0, (turns * 2) - 1).Select(static i => ThriftBodies.Text($"m{i}", 120)));
}
