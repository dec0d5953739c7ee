namespace Tuppence.State.Budgets;

/// <summary>How much may be spent in a day or month, in nano-dollars.</summary>
/// <param name="Soft">From here on it is warned; null: never.</param>
/// <param name="Hard">Beyond this requests are refused; null: never. 0: nothing may be spent.</param>
public sealed record BudgetLimit(long? Soft, long? Hard);
