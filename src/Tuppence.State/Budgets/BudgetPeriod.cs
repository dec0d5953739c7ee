namespace Tuppence.State.Budgets;

/// <summary>What a budget lasts for; it begins anew with each.</summary>
public enum BudgetPeriod
{
    /// <summary>A calendar day.</summary>
    Day,

    /// <summary>A calendar month.</summary>
    Month,
}
