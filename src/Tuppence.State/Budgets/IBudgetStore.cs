namespace Tuppence.State.Budgets;

/// <summary>Keeps what is spent. One implementation serves one process; a shared one lets several replicas keep one budget.</summary>
/// <remarks>
/// An account is made when it is first named. One whose window has ended may be forgotten a day later, when nothing is reserved in it.
/// A shared store must release what a replica that died had reserved.
/// </remarks>
public interface IBudgetStore
{
    /// <summary>
    /// Reserves an amount in all accounts, or in none of them: none where it would bring one with a limit beyond it, counting what others
    /// have reserved, or where that account is used up already. Atomic.
    /// </summary>
    /// <param name="accounts">Where to reserve, each with the most that may be spent there; null: no limit.</param>
    /// <param name="amount">Nano-dollars, 0 or more.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>
    /// What stood in each account before. <see cref="BudgetAnswer.RefusedBy"/> is -1 where it was reserved, else the refusing account
    /// whose window ends last.
    /// </returns>
    ValueTask<BudgetAnswer> ReserveAsync(IReadOnlyList<(BudgetAccount Account, long? Hard)> accounts, long amount, CancellationToken cancellation);

    /// <summary>Takes a reservation back and adds what was spent in its place; both may be 0. Never blocks and never throws.</summary>
    /// <param name="accounts">Where.</param>
    /// <param name="reserved">What was reserved, or 0.</param>
    /// <param name="spent">What it cost, nano-dollars.</param>
    /// <param name="unpriced">How many requests of unknown price to note.</param>
    void Settle(IReadOnlyList<BudgetAccount> accounts, long reserved, long spent, long unpriced);

    /// <summary>What stands in an account, as far as this replica knows.</summary>
    BudgetAmounts Of(in BudgetAccount account);

    /// <summary>All accounts of a day or month, as far as this replica knows.</summary>
    IReadOnlyList<(BudgetAccount Account, BudgetAmounts Amounts)> Read(BudgetWindow window);
}
