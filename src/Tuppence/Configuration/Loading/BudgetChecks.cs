using Tuppence.Configuration.Catalogue;

namespace Tuppence.Configuration.Loading;

/// <summary>What must fit together in budgets.</summary>
internal static class BudgetChecks
{
    /// <summary>A warning comes before the end.</summary>
    public static void Check(Draft draft)
    {
        var budgets = draft.Config.Budgets;
        InOrder(draft, "budgets.soft_dollars_per_day", "", budgets.Total.SoftPerDay, budgets.Total.HardPerDay);
        InOrder(draft, "budgets.soft_dollars_per_month", "", budgets.Total.SoftPerMonth, budgets.Total.HardPerMonth);
        foreach (var (key, owners) in ((string, IReadOnlyDictionary<string, SpendingLimits>)[])[("budgets.keys", budgets.Keys), ("budgets.presets", budgets.Presets)])
        {
            foreach (var (name, limits) in owners)
            {
                InOrder(draft, key, $".{name}.soft_dollars_per_day", limits.SoftPerDay, limits.HardPerDay);
                InOrder(draft, key, $".{name}.soft_dollars_per_month", limits.SoftPerMonth, limits.HardPerMonth);
            }
        }
    }

    private static void InOrder(Draft draft, string key, string member, long? soft, long? hard)
    {
        if (soft > hard)
        {
            draft.Errors.Add(new ConfigError(
                draft.OriginOf(key),
                key + member,
                $"The soft limit (${DollarFormat.Plain(soft.Value)}) is above the hard one (${DollarFormat.Plain(hard.Value)}), so nobody would ever be warned.",
                "a soft limit of at most the hard one",
                "Lower the soft limit, or raise the hard one."));
        }
    }
}
