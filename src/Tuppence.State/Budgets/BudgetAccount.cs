using System.Runtime.InteropServices;

namespace Tuppence.State.Budgets;

/// <summary>What is counted together: the money of one owner in one day or month.</summary>
/// <param name="Scope">What the owner is.</param>
/// <param name="Of">Name of the key or preset; null for the total.</param>
/// <param name="Window">The day or month.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BudgetAccount(BudgetScope Scope, string? Of, BudgetWindow Window)
{
    /// <summary>In words: <c>in total</c>, <c>key anna</c>, <c>preset roleplay</c>.</summary>
    public string Name => Scope switch
    {
        BudgetScope.Total => "in total",
        BudgetScope.Key => "key " + Of,
        _ => "preset " + Of,
    };

    /// <summary>The accounts that a request counts in, two to six.</summary>
    /// <param name="key">Name of its gateway key, or null.</param>
    /// <param name="preset">Name of its preset, or null.</param>
    /// <param name="at">When it arrived.</param>
    /// <param name="calendar">When days begin.</param>
    public static BudgetAccount[] AllOf(string? key, string? preset, DateTimeOffset at, BudgetCalendar calendar)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        var (day, month) = (calendar.WindowOf(at, BudgetPeriod.Day), calendar.WindowOf(at, BudgetPeriod.Month));
        var accounts = new BudgetAccount[2 + (key is null ? 0 : 2) + (preset is null ? 0 : 2)];
        (accounts[0], accounts[1]) = (new(BudgetScope.Total, null, day), new(BudgetScope.Total, null, month));
        var next = 2;
        if (key is not null)
        {
            (accounts[next++], accounts[next++]) = (new(BudgetScope.Key, key, day), new(BudgetScope.Key, key, month));
        }

        if (preset is not null)
        {
            (accounts[next++], accounts[next]) = (new(BudgetScope.Preset, preset, day), new(BudgetScope.Preset, preset, month));
        }

        return accounts;
    }
}
