using Microsoft.Extensions.Time.Testing;
using Tuppence.Configuration;
using Tuppence.Exchange;

namespace Tuppence.Tests.Unit.Exchange;

public sealed class BreakerTests
{
    private static readonly BreakerConfig Config = new() { Failures = 3, Open = TimeSpan.FromSeconds(30) };

    private readonly FakeTimeProvider time = new();
    private readonly Breaker breaker;

    public BreakerTests() => breaker = new Breaker(Config, time);

    [Fact]
    public void It_opens_after_so_many_failures_in_a_row_and_not_before()
    {
        Fail(2);
        Assert.Equal((BreakerState.Closed, true), (breaker.State, breaker.Admits));

        breaker.Succeeded();
        Fail(2);
        Assert.Equal(BreakerState.Closed, breaker.State);

        Fail(1);
        Assert.Equal((BreakerState.Open, false, false), (breaker.State, breaker.Admits, breaker.TryEnter()));
    }

    [Fact]
    public void After_its_time_one_request_is_let_through_and_its_success_closes()
    {
        Fail(3);
        time.Advance(TimeSpan.FromSeconds(29.999));
        Assert.False(breaker.TryEnter());

        time.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Equal((BreakerState.HalfOpen, true), (breaker.State, breaker.Admits));
        Assert.Equal((true, false), (breaker.TryEnter(), breaker.TryEnter()));
        Assert.Equal(BreakerState.HalfOpen, breaker.State);

        breaker.Succeeded();
        Assert.Equal((BreakerState.Closed, true), (breaker.State, breaker.TryEnter()));
    }

    [Fact]
    public void A_probe_that_fails_opens_for_the_same_time_again()
    {
        Fail(3);
        time.Advance(Config.Open);
        Assert.True(breaker.TryEnter());
        Fail(1);

        Assert.Equal((BreakerState.Open, false), (breaker.State, breaker.TryEnter()));
        time.Advance(Config.Open);
        Assert.True(breaker.TryEnter());
    }

    [Fact]
    public void A_probe_of_which_nothing_is_heard_is_followed_by_the_next()
    {
        Fail(3);
        time.Advance(Config.Open);
        Assert.True(breaker.TryEnter());

        time.Advance(Config.Open - TimeSpan.FromTicks(1));
        Assert.False(breaker.TryEnter());
        time.Advance(TimeSpan.FromTicks(1));
        Assert.True(breaker.TryEnter());
    }

    [Fact]
    public void Out_of_quota_lasts_as_long_as_the_upstream_said()
    {
        breaker.OutOfQuota(TimeSpan.FromSeconds(90));
        time.Advance(TimeSpan.FromSeconds(89.999));
        Assert.Equal((BreakerState.OutOfQuota, false, false), (breaker.State, breaker.Admits, breaker.TryEnter()));

        time.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Equal((BreakerState.Closed, true, true), (breaker.State, breaker.Admits, breaker.TryEnter()));
    }

    [Fact]
    public void With_no_number_of_failures_it_never_opens()
    {
        var never = new Breaker(Config with { Failures = 0 }, time);
        for (var i = 0; i < 2000; i++)
        {
            never.Failed();
        }

        Assert.Equal(BreakerState.Closed, never.State);
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            breaker.Failed();
        }
    }
}
