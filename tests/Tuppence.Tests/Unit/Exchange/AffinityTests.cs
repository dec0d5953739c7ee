using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Tuppence.Exchange;

namespace Tuppence.Tests.Unit.Exchange;

public sealed class AffinityTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    [Fact]
    public void A_conversation_is_remembered_for_its_idle_time_after_the_last_answer()
    {
        var time = new FakeTimeProvider();
        var affinity = new Affinity(time);
        affinity.Remember(1, "a");
        time.Advance(TimeSpan.FromMinutes(59));
        affinity.Remember(1, "b");
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal("b", affinity.Find(1, Idle));

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(affinity.Find(1, Idle));
        Assert.Null(affinity.Find(2, Idle));
    }

    /// <summary>Against the plainest model: a list, the latest first.</summary>
    [Fact]
    public void It_is_bounded_and_forgets_the_quietest_first() => Gen.Select(Gen.Int[1, 6], Gen.Int[0, 9].Array[0, 60]).Sample((capacity, turns) =>
    {
        var affinity = new Affinity(new FakeTimeProvider(), capacity);
        var model = new List<int>();
        foreach (var turn in turns)
        {
            affinity.Remember((UInt128)turn, $"u{turn}");
            model.Remove(turn);
            model.Insert(0, turn);
            model = [.. model.Take(capacity)];
        }

        Assert.Equal(model.Count, affinity.Count);
        Assert.All(Enumerable.Range(0, 10), turn => Assert.Equal(model.Contains(turn) ? $"u{turn}" : null, affinity.Find((UInt128)turn, Idle)));
    });
}
