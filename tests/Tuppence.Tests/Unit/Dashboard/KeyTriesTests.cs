using System.Net;
using Microsoft.Extensions.Time.Testing;
using Tuppence.Dashboard.Access;

namespace Tuppence.Tests.Unit.Dashboard;

public sealed class KeyTriesTests
{
    private readonly FakeTimeProvider time = new();

    [Fact]
    public void Of_many_tries_at_once_three_are_let_through()
    {
        var tries = new KeyTries(time);
        Assert.Equal(3, Enumerable.Range(0, 100).Count(_ => tries.Begin(IPAddress.Loopback) == TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, tries.Begin(IPAddress.IPv6Loopback));
    }

    [Fact]
    public void Each_wrong_key_doubles_the_wait_up_to_a_minute_and_a_right_one_ends_it()
    {
        var tries = new KeyTries(time);
        var waits = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            Assert.Equal(TimeSpan.Zero, tries.Begin(IPAddress.Loopback));
            var wait = i < 2 ? TimeSpan.Zero : tries.Begin(IPAddress.Loopback);
            waits.Add(wait.TotalSeconds);
            time.Advance(wait);
        }

        Assert.Equal([0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60], waits);
        tries.Begin(IPAddress.Loopback);
        tries.Succeeded(IPAddress.Loopback);
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (tries.Begin(IPAddress.Loopback), tries.Begin(IPAddress.Loopback)));
    }
}
