namespace Tuppence.State.Budgets;

/// <summary>Money held back for a request under way. Settled or released, whichever comes first; each further call does nothing.</summary>
public sealed class BudgetReservation : IDisposable
{
    private readonly BudgetBook book;
    private readonly BudgetAccount[] accounts;
    private int isOver;

    internal BudgetReservation(BudgetBook book, BudgetAccount[] accounts, long amount, IReadOnlyList<BudgetState> warnings) =>
        (this.book, this.accounts, Amount, Warnings) = (book, accounts, amount, warnings);

    /// <summary>Nano-dollars.</summary>
    public long Amount { get; }

    /// <summary>Budgets whose soft limit was reached before the request.</summary>
    public IReadOnlyList<BudgetState> Warnings { get; }

    /// <summary>Counts what the request cost in place of the reservation. False where it was settled or released before.</summary>
    /// <param name="spent">Nano-dollars.</param>
    /// <param name="unpriced">1 where it used tokens of unknown price, else 0.</param>
    public bool TrySettle(long spent, long unpriced)
    {
        if (Interlocked.Exchange(ref isOver, 1) != 0)
        {
            return false;
        }

        book.Settle(accounts, Amount, spent, unpriced);
        return true;
    }

    /// <summary>Releases it: nothing was spent.</summary>
    public void Dispose() => TrySettle(0, 0);
}
