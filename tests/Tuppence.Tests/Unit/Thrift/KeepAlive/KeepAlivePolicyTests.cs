using Tuppence.Messages.Models;
using Tuppence.Thrift.KeepAlive;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Tests.Unit.Thrift.KeepAlive;

public sealed class KeepAlivePolicyTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;
    private static readonly KeepAlivePolicy Policy = new(new KeepAliveOptions());

    [Theory]
    [InlineData(200, 11)]
    [InlineData(100, 24)]
    [InlineData(50, 49)]
    public void The_cap_is_what_losing_the_entry_costs_in_pings(long read, int cap)
    {
        var at = Case() with { Prices = Prices(read) };
        Assert.Equal(cap, KeepAlivePolicy.Cap(at));
        Assert.Equal(KeepAliveStop.None, Policy.Decide(at with { Pings = cap - 1, LatestPing = Start }, new Fixed(1)).Stop);
        Assert.Equal(KeepAliveStop.Cap, Policy.Decide(at with { Pings = cap, LatestPing = Start }, new Fixed(1)).Stop);
    }

    [Theory]
    [InlineData(200, 0.0875, 0.0865)]
    [InlineData(100, 0.042, 0.041)]
    [InlineData(50, 0.0205, 0.0203)]
    public void It_pings_only_while_the_user_is_likely_enough_to_come_back(long read, double enough, double little)
    {
        var at = Case() with { Prices = Prices(read) };
        Assert.Equal(KeepAliveStop.None, Policy.Decide(at, new Fixed(enough)).Stop);
        Assert.Equal(KeepAliveStop.Unlikely, Policy.Decide(at, new Fixed(little)).Stop);
    }

    [Theory]
    [InlineData(Ttl.FiveMinutes, 280)]
    [InlineData(Ttl.OneHour, 3420)]
    public void Pings_follow_the_start_of_what_refreshed_the_entry_last(Ttl ttl, int seconds)
    {
        var at = Case() with { Ttl = ttl };
        Assert.Equal(Start.AddSeconds(seconds), Policy.Decide(at, new Fixed(0.9)).PingAt);
        Assert.Equal(Start.AddSeconds(300 + seconds), Policy.Decide(at with { Pings = 1, LatestPing = Start.AddSeconds(300) }, new Fixed(0.9)).PingAt);
    }

    [Fact]
    public void Small_prefixes_spent_budgets_and_dear_tails_are_not_pinged()
    {
        var sure = new Fixed(1);
        Assert.Equal(KeepAliveStop.TooSmall, Policy.Decide(Case() with { PrefixTokens = 19_999 }, sure).Stop);
        Assert.Equal(KeepAliveStop.ConversationBudget, Policy.Decide(Case() with { Spent = 99_000_000 }, sure).Stop);
        Assert.Equal(KeepAliveStop.Budget, Policy.Decide(Case() with { SpentInAll = 999_000_000 }, sure).Stop);
        Assert.Equal(KeepAliveStop.Prices, Policy.Decide(Case() with { TailTokens = 60_000 }, sure).Stop);
        Assert.Equal(KeepAliveStop.Prices, Policy.Decide(Case() with { Prices = default }, sure).Stop);
    }

    [Fact]
    public void Pauses_are_learned_and_those_who_leave_count()
    {
        var returns = new ObservedReturns();
        var atFirst = returns.ChanceWithin(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));
        for (var i = 0; i < 50; i++)
        {
            returns.Returned(TimeSpan.FromMinutes(8));
        }

        var patient = returns.ChanceWithin(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));
        for (var i = 0; i < 150; i++)
        {
            returns.Left();
        }

        var gone = returns.ChanceWithin(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));
        Assert.InRange(atFirst, 0.1, 0.4);
        Assert.True(patient > 0.8);
        Assert.True(gone < 0.2);
    }

    internal static ModelPrices Prices(long read) => new(2000, 10_000, 2500, 4000, read, 1000, 5000);

    private static KeepAliveCase Case() => new(25_000, 0, Prices(100), Ttl.FiveMinutes, Start, 0, default, 0, 0);

    /// <summary>A user who comes back between the entry's end and the end of its next life with a fixed chance.</summary>
    private sealed class Fixed(double chance) : IReturnForecast
    {
        public double ChanceWithin(TimeSpan idle, TimeSpan window) => window > TimeSpan.FromMinutes(4) ? chance : 0;
    }
}
