namespace Tuppence.State.Budgets;

/// <summary>When days and months begin.</summary>
/// <param name="Offset">Of the clock whose days are meant from UTC, -14 to +14 hours. Fixed: summer time is not followed.</param>
public sealed record BudgetCalendar(TimeSpan Offset)
{
    /// <summary>Days of UTC.</summary>
    public static BudgetCalendar Utc { get; } = new(TimeSpan.Zero);

    /// <summary>The day or month that a moment falls in.</summary>
    public BudgetWindow WindowOf(DateTimeOffset at, BudgetPeriod period)
    {
        var day = at.ToOffset(Offset).Date;
        var (first, next) = period == BudgetPeriod.Day ? (day, day.AddDays(1)) : (day.AddDays(1 - day.Day), day.AddDays(1 - day.Day).AddMonths(1));
        return new BudgetWindow(period, new DateTimeOffset(first, Offset).ToUniversalTime(), new DateTimeOffset(next, Offset).ToUniversalTime());
    }
}
