namespace Tuppence.State.Budgets;

/// <summary>How near a budget is to its limits.</summary>
public enum BudgetLevel
{
    /// <summary>Below both.</summary>
    Within,

    /// <summary>The soft limit is reached: it is warned.</summary>
    Soft,

    /// <summary>The hard limit is reached: requests are refused.</summary>
    Hard,
}
