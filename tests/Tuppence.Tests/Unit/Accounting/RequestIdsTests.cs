using Tuppence.Accounting;
using Tuppence.Tests.Scenes;

namespace Tuppence.Tests.Unit.Accounting;

public sealed class RequestIdsTests
{
    [Fact]
    public void Ids_are_in_the_order_of_making_even_where_the_clock_goes_back()
    {
        var clock = new JumpingClock();
        var ids = new RequestIds(clock, [1, 2, 3, 4, 5]);
        var made = new List<string>();
        for (var i = 0; i < 1000; i++)
        {
            made.Add(ids.Next());
            clock.Jump(TimeSpan.FromMilliseconds((i % 7) - 3));
        }

        Assert.Equal(made.Order(StringComparer.Ordinal), made);
        Assert.Equal(made.Count, made.Distinct(StringComparer.Ordinal).Count());
        Assert.All(made, static id => Assert.Matches("^[0-9a-hjkmnp-tv-z]{21}$", id));
    }

    [Fact]
    public void Ids_of_threads_and_processes_differ()
    {
        var one = new RequestIds(TimeProvider.System, [1, 2, 3, 4, 5]);
        var other = new RequestIds(TimeProvider.System, [1, 2, 3, 4, 6]);
        var made = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, 2000, i => made.Add((i % 2 == 0 ? one : other).Next()));
        Assert.Equal(made.Count, made.Distinct(StringComparer.Ordinal).Count());
    }
}
