namespace Tuppence.State.Budgets;

/// <summary>Whose money a budget is about.</summary>
public enum BudgetScope
{
    /// <summary>All requests.</summary>
    Total,

    /// <summary>Those of one gateway key.</summary>
    Key,

    /// <summary>Those of one preset.</summary>
    Preset,
}
