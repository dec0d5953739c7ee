using Tuppence.Thrift.Planning;

namespace Tuppence.Tests.Unit.Thrift;

/// <summary>Scopes are bounded: who comes with ever new credentials does not take all memory.</summary>
public sealed class ScopeShelfTests
{
    private static readonly byte[] First = Chat(1);
    private static readonly byte[] Second = Chat(2);

    [Fact]
    public void The_scope_used_longest_ago_is_forgotten_and_the_others_are_not()
    {
        var planner = new BreakpointPlanner();
        Turn(planner, "kept", 0, First);
        Turn(planner, "lost", 0, First);
        for (var i = 0; i < BreakpointPlanner.MostScopes - 2; i++)
        {
            Turn(planner, $"other {i}", 1, First);
        }

        Turn(planner, "kept", 2, Second);
        Turn(planner, "one too many", 3, First);

        Assert.True(Turn(planner, "kept", 4, Second).Forecast.Read > 0);
        Assert.Equal(0, Turn(planner, "lost", 4, Second).Forecast.Read);
    }

    [Fact]
    public void Conversations_of_different_scopes_have_different_numbers()
    {
        var planner = new BreakpointPlanner();
        var one = Turn(planner, "one", 0, First).Lineage;
        var other = Turn(planner, "other", 0, First).Lineage;
        Assert.NotEqual(one, other);
        Assert.Equal(one, Turn(planner, "one", 1, Second).Lineage);

        var restored = new BreakpointPlanner();
        var begun = Turn(restored, "begun", 0, First).Lineage;
        Assert.True(restored.TryLoad(planner.Save()));
        Assert.Equal(4, new[] { begun, Turn(restored, "one", 2, Second).Lineage, Turn(restored, "other", 2, Second).Lineage, Turn(restored, "new", 2, First).Lineage }.Distinct().Count());
    }

    private static PlannedTurn Turn(BreakpointPlanner planner, string scope, double minutes, byte[] body)
    {
        var turn = planner.Plan(ThriftBodies.Read(body), ThriftBodies.Context(minutes, scope: scope));
        planner.Settle(turn, turn.Forecast);
        return turn;
    }

    private static byte[] Chat(int turns) =>
        ThriftBodies.Chat([ThriftBodies.Text("card", 2000)], Enumerable.Range(0, (turns * 2) - 1).Select(static i => ThriftBodies.Text($"m{i}", 120)));
}
