using System.Diagnostics.CodeAnalysis;

namespace Tuppence.State.Budgets;

/// <summary>All budgets, compiled: immutable, swapped whole on reload.</summary>
/// <param name="calendar">When days begin.</param>
/// <param name="limits">Each budget once. An owner named <see cref="Each"/> stands for every key or preset that has no budget of its own for that period.</param>
public sealed class BudgetRules(BudgetCalendar calendar, IEnumerable<(BudgetScope Scope, string? Of, BudgetPeriod Period, BudgetLimit Limit)> limits)
{
    /// <summary>Stands for every key, or every preset.</summary>
    public const string Each = "*";

    private readonly Dictionary<(BudgetScope Scope, string? Of, BudgetPeriod Period), BudgetLimit> limits =
        limits.ToDictionary(static limit => (limit.Scope, limit.Of, limit.Period), static limit => limit.Limit);

    /// <summary>No budgets.</summary>
    public static BudgetRules None { get; } = new(BudgetCalendar.Utc, []);

    /// <summary>When days begin.</summary>
    public BudgetCalendar Calendar => calendar;

    /// <summary>True where there is no budget at all.</summary>
    public bool AreNone => limits.Count == 0;

    /// <summary>The budgets as they were given.</summary>
    public IEnumerable<(BudgetScope Scope, string? Of, BudgetPeriod Period)> Given => limits.Keys;

    /// <summary>The budget that an account has, if any.</summary>
    public bool TryFind(in BudgetAccount account, [NotNullWhen(true)] out BudgetLimit? limit) =>
        limits.TryGetValue((account.Scope, account.Of, account.Window.Period), out limit)
        || (account.Of is not null && limits.TryGetValue((account.Scope, Each, account.Window.Period), out limit));
}
