using Tuppence.Configuration.Catalogue;
using Tuppence.Configuration.Layers;
using Tuppence.Guard;

namespace Tuppence.Configuration.Loading;

/// <summary>What must fit together in budgets.</summary>
internal static class BudgetChecks
{
    /// <summary>Keys have one name each, budgets name keys that exist, and a warning comes before the end.</summary>
    public static void Check(Draft draft)
    {
        Names(draft);
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

    private static void Names(Draft draft)
    {
        var config = draft.Config;
        if (draft.IsWrong("gateway_keys") || draft.IsWrong("gateway_key_names"))
        {
            return;
        }

        var names = GatewayKeys.NamesOf(config.GatewayKeys.Count, config.GatewayKeyNames).ToList();
        if (config.GatewayKeyNames.Count > config.GatewayKeys.Count)
        {
            draft.Refuse("gateway_key_names", $"There are {config.GatewayKeyNames.Count} names for {config.GatewayKeys.Count} keys.", "a name for each of gateway_keys, in their order", "Remove what is too much, or add the keys.");
        }
        else if (names.GroupBy(static name => name, StringComparer.Ordinal).FirstOrDefault(static group => group.Count() > 1) is { } twice)
        {
            draft.Refuse("gateway_key_names", $"Two keys are named {ConfigNode.Quote(twice.Key)}.", null, "Give each a name of its own.");
        }

        foreach (var name in config.Budgets.Keys.Keys.Where(name => name != "*" && !names.Contains(name, StringComparer.Ordinal)))
        {
            draft.Errors.Add(new ConfigError(
                draft.OriginOf("budgets.keys"),
                $"budgets.keys.{name}",
                $"No gateway key is named {ConfigNode.Quote(name)}.",
                names.Count == 0 ? "names of gateway keys; there are none" : "* or one of " + string.Join(", ", names),
                Nearest.To(name, names) is { } near ? $"Did you mean {near}?" : "Name a key that exists; gateway_key_names gives keys their names."));
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
