using System.Runtime.InteropServices;

namespace Tuppence.State.Budgets;

/// <summary>One day or month.</summary>
/// <param name="Period">Which of the two.</param>
/// <param name="Start">Its first moment, in UTC.</param>
/// <param name="End">The first moment after it, in UTC: when its budgets begin anew.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BudgetWindow(BudgetPeriod Period, DateTimeOffset Start, DateTimeOffset End);
