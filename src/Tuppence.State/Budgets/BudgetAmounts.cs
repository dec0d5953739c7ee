using System.Runtime.InteropServices;

namespace Tuppence.State.Budgets;

/// <summary>What stands in an account. Money in nano-dollars.</summary>
/// <param name="Spent">Settled.</param>
/// <param name="Reserved">Held back for requests under way.</param>
/// <param name="Unpriced">Requests that used tokens at a price that is not known; they are not in <paramref name="Spent"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BudgetAmounts(long Spent, long Reserved, long Unpriced)
{
    /// <summary>Both added up, account by account.</summary>
    public BudgetAmounts Plus(long spent, long reserved, long unpriced) => new(Spent + spent, Reserved + reserved, Unpriced + unpriced);
}
