namespace Tuppence.Configuration.Catalogue;

/// <summary>The options of the group <c>budgets</c>.</summary>
internal static class BudgetSettings
{
    private const int Most = 1_000_000;

    /// <summary>All of the group, in the order of the manual.</summary>
    public static IReadOnlyList<Setting<GatewayConfig>> All { get; } =
    [
        Total("budgets.soft_dollars_per_day", t => t.SoftPerDay, (t, v) => t with { SoftPerDay = v },
            "Spending of a day from which on answers carry the header x-tuppence-budget and the dashboard warns."),
        Total("budgets.hard_dollars_per_day", t => t.HardPerDay, (t, v) => t with { HardPerDay = v },
            "What may be spent in a day. A request that could cost more than what is left of it is answered 429."),
        Total("budgets.soft_dollars_per_month", t => t.SoftPerMonth, (t, v) => t with { SoftPerMonth = v },
            "The same warning, for a calendar month."),
        Total("budgets.hard_dollars_per_month", t => t.HardPerMonth, (t, v) => t with { HardPerMonth = v },
            "What may be spent in a calendar month."),
        new Setting<GatewayConfig, IReadOnlyDictionary<string, SpendingLimits>>("budgets.keys", new SpendingFormat("names of gateway keys", Most), c => c.Budgets.Keys, (c, v) => c with { Budgets = c.Budgets with { Keys = v } })
        {
            Summary = "The same limits for single gateway keys, by the key's name. * gives each key that is not named a budget of its own.",
            Example = "{ \"*\": { \"hard_dollars_per_day\": 5 } }",
        },
        new Setting<GatewayConfig, IReadOnlyDictionary<string, SpendingLimits>>("budgets.presets", new SpendingFormat("names of presets", Most), c => c.Budgets.Presets, (c, v) => c with { Budgets = c.Budgets with { Presets = v } })
        {
            Summary = "The same limits for single presets. * gives each preset that is not named a budget of its own.",
            Example = "{ \"roleplay\": { \"soft_dollars_per_day\": 2, \"hard_dollars_per_month\": 30 } }",
        },
        new Setting<GatewayConfig, TimeSpan>("budgets.utc_offset", new UtcOffsetFormat(), c => c.Budgets.UtcOffset, (c, v) => c with { Budgets = c.Budgets with { UtcOffset = v } })
        {
            Summary = "Clock whose days and months budgets are about, as its offset from UTC. Summer time is not followed.",
            NeedsRestart = true,
        },
    ];

    private static Setting<GatewayConfig> Total(string key, Func<SpendingLimits, long?> get, Func<SpendingLimits, long?, SpendingLimits> set, string summary) =>
        new Setting<GatewayConfig, long?>(key, new OptionalDollarFormat(Most), c => get(c.Budgets.Total), (c, v) => c with { Budgets = c.Budgets with { Total = set(c.Budgets.Total, v) } })
        {
            Summary = summary, Example = "5",
        };
}
