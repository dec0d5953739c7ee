using CsCheck;
using Tuppence.Messages.Models;
using Tuppence.Thrift.KeepAlive;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Tests.Properties.Thrift;

public sealed class KeepAliveProperties
{
    [Fact]
    public void Pings_stay_within_cap_and_budgets_and_pay_by_their_own_forecast() =>
        Gen.Select(Gen.Int[0, 500_000], Gen.Int[0, 50_000], Gen.Long[10, 8000], Gen.Long[10, 1000], Gen.Bool, Gen.Long[0, 400_000_000], Gen.Long[0, 2_000_000_000], Gen.Int).Sample(
            (prefix, tail, input, readPerMille, hour, budget, budgetInAll, seed) =>
            {
                var prices = new ModelPrices(input, 0, input * 5 / 4, input * 2, input * readPerMille / 1000, 0, 0);
                var options = new KeepAliveOptions { BudgetPerConversation = budget, Budget = budgetInAll };
                var policy = new KeepAlivePolicy(options);
                var returns = Returns(seed);
                var at = new KeepAliveCase(prefix, tail, prices, hour ? Ttl.OneHour : Ttl.FiveMinutes, DateTimeOffset.UnixEpoch, 0, default, 0, 0);
                var refreshed = at.LatestStart;
                var life = hour ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(5);
                while (policy.Decide(at, returns) is { PingAt: { } ping } decision)
                {
                    Assert.True(prefix >= options.LeastTokens);
                    Assert.True(ping > refreshed && ping < refreshed + life);
                    Assert.Equal(at.PingCost, decision.Cost);
                    Assert.True((decision.Chance * at.Saving) - decision.Cost > 0);
                    var idle = ping - at.LatestStart;
                    Assert.True(decision.Chance <= returns.ChanceWithin(idle, life));
                    at = at with { Pings = at.Pings + 1, LatestPing = ping, Spent = at.Spent + decision.Cost, SpentInAll = at.SpentInAll + decision.Cost };
                    refreshed = ping;
                    Assert.True(at.Pings <= KeepAlivePolicy.Cap(at) && at.Pings * prices.CacheRead <= prices.CacheWrite5m - prices.CacheRead);
                    Assert.True(at.Spent <= budget && at.SpentInAll <= budgetInAll);
                }
            },
            iter: 2000);

    [Fact]
    public void A_forecast_is_a_chance_and_grows_with_the_window() =>
        Gen.Select(Gen.Int, Gen.Double[0, 700], Gen.Double[0, 700], Gen.Double[0, 700]).Sample(
            (seed, idle, window, more) =>
            {
                var returns = Returns(seed);
                var few = returns.ChanceWithin(TimeSpan.FromMinutes(idle), TimeSpan.FromMinutes(window));
                var many = returns.ChanceWithin(TimeSpan.FromMinutes(idle), TimeSpan.FromMinutes(window + more));
                Assert.InRange(few, 0, 1);
                Assert.InRange(many, few - 1e-12, 1);
            },
            iter: 2000);

    private static ObservedReturns Returns(int seed)
    {
        var random = new Random(seed);
        var returns = new ObservedReturns();
        for (var i = random.Next(60); i > 0; i--)
        {
            if (random.Next(8) == 0)
            {
                returns.Left();
            }
            else
            {
                returns.Returned(TimeSpan.FromMinutes(Math.Exp((random.NextDouble() * 8) - 2)));
            }
        }

        return returns;
    }
}
