namespace Tuppence.State.Budgets;

/// <summary>Why a request may not be sent.</summary>
/// <param name="State">The budget that is in its way; where there are several, the one that begins anew last.</param>
/// <param name="Amount">What the request may cost, nano-dollars.</param>
public sealed record BudgetRefusal(BudgetState State, long Amount)
{
    /// <summary>True where the request fits once those under way have cost less than is held back for them.</summary>
    public bool MayPass => State.Level != BudgetLevel.Hard && State.Amounts.Spent + Amount <= State.Limit.Hard;
}
