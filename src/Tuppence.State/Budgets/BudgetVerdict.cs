using System.Runtime.InteropServices;

namespace Tuppence.State.Budgets;

/// <summary>Whether a request may be sent: one of the two is set.</summary>
/// <param name="Reservation">The money held back for it.</param>
/// <param name="Refusal">Why it may not.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BudgetVerdict(BudgetReservation? Reservation, BudgetRefusal? Refusal);
