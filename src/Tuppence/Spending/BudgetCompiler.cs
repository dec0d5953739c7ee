using Tuppence.Configuration;
using Tuppence.State.Budgets;

namespace Tuppence.Spending;

/// <summary>Makes rules of what the user wrote.</summary>
internal static class BudgetCompiler
{
    /// <summary>Each limit as the budget that it is.</summary>
    public static BudgetRules Compile(BudgetConfig config)
    {
        var budgets = Of(BudgetScope.Total, null, config.Total)
            .Concat(config.Keys.SelectMany(static pair => Of(BudgetScope.Key, pair.Key, pair.Value)))
            .Concat(config.Presets.SelectMany(static pair => Of(BudgetScope.Preset, pair.Key, pair.Value)));
        return new BudgetRules(new BudgetCalendar(config.UtcOffset), budgets);
    }

    private static IEnumerable<(BudgetScope Scope, string? Of, BudgetPeriod Period, BudgetLimit Limit)> Of(BudgetScope scope, string? of, SpendingLimits limits)
    {
        if ((limits.SoftPerDay ?? limits.HardPerDay) is not null)
        {
            yield return (scope, of, BudgetPeriod.Day, new BudgetLimit(limits.SoftPerDay, limits.HardPerDay));
        }

        if ((limits.SoftPerMonth ?? limits.HardPerMonth) is not null)
        {
            yield return (scope, of, BudgetPeriod.Month, new BudgetLimit(limits.SoftPerMonth, limits.HardPerMonth));
        }
    }
}
