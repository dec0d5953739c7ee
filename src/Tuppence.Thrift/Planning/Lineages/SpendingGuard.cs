using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>Sees to it that planning never costs noticeably more than no caching, whatever comes.</summary>
/// <remarks>
/// A premium is allowed only as far as savings so far and a small credit cover it, for the conversation and for the scope as a whole. So the
/// cost of any traffic is at most that without caching plus the credit: <see cref="CreditTokens"/>, <see cref="CreditShare"/> of the first million tokens and
/// <see cref="LaterShare"/> of the rest, which is below 8,000 tokens for the first nine millions; where the provider loses entries that it should hold, plus one premium
/// for each time that this happens to an account in the red.
/// </remarks>
internal sealed class SpendingGuard
{
    /// <summary>Tokens of uncached input that may be lost on forecasts that do not come true.</summary>
    public const int CreditTokens = 4096;

    /// <summary>And this share of what the first <see cref="FirstTokens"/> would have cost without caching, so that bad luck at the start does not last for ever.</summary>
    public const double CreditShare = 0.003;

    /// <summary>And this share of all after them: enough to try again some day, and no more than 1,000 tokens in ten millions.</summary>
    public const double LaterShare = 0.0001;

    /// <summary>Tokens of uncached input until which the greater share is given.</summary>
    public const int FirstTokens = 1_000_000;

    /// <summary>Part of the scope's savings that one conversation may lose.</summary>
    private const int ShareOfSavings = 10;

    /// <summary>The account of the whole scope.</summary>
    public Balance Scope { get; } = new();

    /// <summary>How much may be spent above uncached input, in tokens.</summary>
    /// <param name="lineage">The account of the conversation.</param>
    /// <param name="input">Price of uncached input.</param>
    /// <param name="saves">Tokens that are saved by what should be read now.</param>
    /// <returns>
    /// All that may be spent, and what should be: half of what is left of the credit, so that a write that is lost leaves the means for
    /// the next one. A conversation that bets all on its first request, and loses, would go uncached for twenty turns.
    /// </returns>
    public (double All, double Cautious) Allowance(Balance lineage, long input, double saves)
    {
        var (scope, own) = (Credit(Scope, input), Credit(lineage, input) + (Math.Max(0, Scope.Saved) / ShareOfSavings));
        var known = lineage.IsWary || Scope.IsWary ? 0 : saves;
        return (Tokens(Math.Min(Scope.Allowance(scope), lineage.Allowance(own))), Tokens(Math.Min(Scope.Cautious(scope), lineage.Cautious(own))));

        double Tokens(long money) => Math.Max(0, (money / (double)Math.Max(1, input)) + known);
    }

    /// <summary>Holds back the premium of a request.</summary>
    public void Reserve(Visit visit, long premium)
    {
        Scope.Reserved += premium;
        visit.Lineage.Balance.Reserved += premium;
    }

    /// <summary>Gives back what was held back for a request.</summary>
    public void Release(PlannedTurn turn)
    {
        Scope.Reserved -= turn.Reserved;
        if (turn.Visit is { } visit)
        {
            visit.Lineage.Balance.Reserved -= turn.Reserved;
        }
    }

    /// <summary>Takes the bill of a request to the accounts.</summary>
    public void Settle(PlannedTurn turn, in CacheBill reported)
    {
        Release(turn);
        Book(Scope, turn, reported);
        if (turn.Visit is { } visit)
        {
            Book(visit.Lineage.Balance, turn, reported);
        }
    }

    private static long Credit(Balance account, long input)
    {
        var first = Math.Min(account.Uncached, FirstTokens * input);
        return (CreditTokens * input) + (long)((CreditShare * first) + (LaterShare * (account.Uncached - first)));
    }

    private static void Book(Balance account, PlannedTurn turn, in CacheBill reported)
    {
        var uncached = reported.Tokens * turn.Context.PricesFor(reported.Tokens).Input;
        account.Uncached += uncached;
        account.Saved += uncached - turn.Context.CostOf(reported);
        account.IsWary = account.Saved < 0 && (account.IsWary || reported.Read < turn.Forecast.Read * 0.8);
    }
}
