using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.KeepAlive;

/// <summary>Decides whether to ping so that a cache entry outlives a pause. A pure function of the case and the forecast.</summary>
/// <remarks>
/// A ping of S tokens costs rS and saves (w - r)S if the user comes back while only the ping kept the entry alive, so it is sent only
/// while the chance of that is above r/(w - r), and never more than floor((w - r)/r) times in a row: by then the pings have cost as
/// much as losing the entry once (the classical 2-competitive stop). w is the price of writing for five minutes, in both cases.
/// </remarks>
/// <param name="options">Budgets and the least prefix.</param>
public sealed class KeepAlivePolicy(KeepAliveOptions options)
{
    private static readonly TimeSpan ShortLife = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongLife = TimeSpan.FromHours(1);

    /// <summary>Time from the start of a request to the ping that keeps its entry: 280 s of five minutes, 57 minutes of an hour.</summary>
    public static TimeSpan Interval(Ttl ttl) => ttl == Ttl.OneHour ? TimeSpan.FromMinutes(57) : TimeSpan.FromSeconds(280);

    /// <summary>Most pings in a row at these prices.</summary>
    public static int Cap(in KeepAliveCase of) =>
        of.PingCost <= 0 || of.Saving <= 0 ? 0 : (int)Math.Min(int.MaxValue, of.Saving / of.PingCost);

    /// <summary>Decides on the next ping.</summary>
    /// <param name="of">The conversation.</param>
    /// <param name="forecast">How likely its user comes back.</param>
    public KeepAliveDecision Decide(in KeepAliveCase of, IReturnForecast forecast)
    {
        ArgumentNullException.ThrowIfNull(forecast);
        var cost = of.PingCost;
        var cap = Cap(of);
        if (of.PrefixTokens < options.LeastTokens)
        {
            return No(KeepAliveStop.TooSmall, cost);
        }

        if (of.Pings >= cap)
        {
            return No(cap == 0 ? KeepAliveStop.Prices : KeepAliveStop.Cap, cost);
        }

        // Written so that no sum can overflow.
        if (cost > options.BudgetPerConversation - of.Spent)
        {
            return No(KeepAliveStop.ConversationBudget, cost);
        }

        if (cost > options.Budget - of.SpentInAll)
        {
            return No(KeepAliveStop.Budget, cost);
        }

        var refreshed = of.Pings > 0 ? of.LatestPing : of.LatestStart;
        var at = refreshed + Interval(of.Ttl);
        var life = of.Ttl == Ttl.OneHour ? LongLife : ShortLife;
        var idle = at - of.LatestStart;
        // Who comes back before the entry would have died anyway needs no ping.
        var chance = Math.Clamp(forecast.ChanceWithin(idle, life) - forecast.ChanceWithin(idle, life - Interval(of.Ttl)), 0, 1);
        var expected = (long)Math.Floor((chance * of.Saving) - cost);
        return expected > 0 ? new KeepAliveDecision(at, KeepAliveStop.None, chance, cost, expected) : new KeepAliveDecision(null, KeepAliveStop.Unlikely, chance, cost, expected);
    }

    private static KeepAliveDecision No(KeepAliveStop stop, long cost) => new(null, stop, 0, cost, 0);
}
