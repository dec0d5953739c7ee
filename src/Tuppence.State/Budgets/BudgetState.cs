namespace Tuppence.State.Budgets;

/// <summary>How a budget stands. Money in nano-dollars.</summary>
/// <param name="Account">What is counted.</param>
/// <param name="Limit">How much may be spent.</param>
/// <param name="Amounts">How much is.</param>
/// <param name="Since">From when on it is counted, where that is later than the day or month began: what was spent before is not known. Null: all of it is counted.</param>
public sealed record BudgetState(BudgetAccount Account, BudgetLimit Limit, BudgetAmounts Amounts, DateTimeOffset? Since = null)
{
    /// <summary>How near it is to its limits.</summary>
    public BudgetLevel Level =>
        Amounts.Spent >= Limit.Hard ? BudgetLevel.Hard
        : Amounts.Spent >= Limit.Soft ? BudgetLevel.Soft
        : BudgetLevel.Within;

    /// <summary>What is spent in whole percent of the hard limit, or of the soft one where there is no hard one; rounded down.</summary>
    public long Percent => (Limit.Hard ?? Limit.Soft) is { } of and > 0 ? (long)((Int128)Amounts.Spent * 100 / of) : 100;
}
