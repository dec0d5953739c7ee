using System.Runtime.InteropServices;

namespace Tuppence.State.Budgets;

/// <summary>What a store says to a reservation.</summary>
/// <param name="RefusedBy">Index of the account that refuses, or -1.</param>
/// <param name="Before">What stood in each account before, in the order that was asked.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BudgetAnswer(int RefusedBy, BudgetAmounts[] Before);
