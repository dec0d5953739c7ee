using Microsoft.Extensions.Time.Testing;
using Tuppence.State.Budgets;

namespace Tuppence.Tests.Unit.Budgets;

/// <summary>What every store of budgets must do, whether it serves one process or many.</summary>
public abstract class BudgetStoreSuite
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    protected FakeTimeProvider Time { get; } = new(Noon);

    protected abstract IBudgetStore Store { get; }

    private static BudgetWindow Day => BudgetCalendar.Utc.WindowOf(Noon, BudgetPeriod.Day);

    private static BudgetWindow Month => BudgetCalendar.Utc.WindowOf(Noon, BudgetPeriod.Month);

    private static BudgetAccount Total => new(BudgetScope.Total, null, Day);

    private static BudgetAccount Anna => new(BudgetScope.Key, "anna", Day);

    private static BudgetAccount InMonth => new(BudgetScope.Total, null, Month);

    [Fact]
    public async Task What_fits_is_reserved_to_the_last_nano_dollar()
    {
        Assert.Equal(-1, (await ReserveAsync(60, (Total, 100))).RefusedBy);
        Assert.Equal(-1, (await ReserveAsync(40, (Total, 100))).RefusedBy);
        Assert.Equal(0, (await ReserveAsync(1, (Total, 100))).RefusedBy);
        Assert.Equal(new BudgetAmounts(0, 100, 0), Of(Total));
    }

    [Fact]
    public async Task One_account_that_refuses_leaves_all_untouched()
    {
        var answer = await ReserveAsync(50, (Total, 100), (Anna, 49), (InMonth, null));

        Assert.Equal(1, answer.RefusedBy);
        Assert.Equal(default, Of(Total));
        Assert.Equal(default, Of(Anna));
        Assert.Equal(default, Of(InMonth));
    }

    [Fact]
    public async Task Of_several_that_refuse_the_one_that_ends_last_is_named()
    {
        Store.Settle([Total, InMonth], 0, 100, 0);

        Assert.Equal(1, (await ReserveAsync(0, (Total, 100), (InMonth, 100))).RefusedBy);
        Assert.Equal(0, (await ReserveAsync(0, (InMonth, 100), (Total, 100))).RefusedBy);
    }

    [Fact]
    public async Task A_used_up_account_refuses_even_what_costs_nothing()
    {
        Store.Settle([Total], 0, 100, 0);

        Assert.Equal(0, (await ReserveAsync(0, (Total, 100))).RefusedBy);
        Assert.Equal(-1, (await ReserveAsync(0, (Total, 101))).RefusedBy);
    }

    [Fact]
    public async Task Settling_puts_what_was_spent_in_the_place_of_what_was_reserved()
    {
        await ReserveAsync(80, (Total, 100), (Anna, null));

        Store.Settle([Total, Anna], 80, 5, 1);

        Assert.Equal(new BudgetAmounts(5, 0, 1), Of(Total));
        Assert.Equal(new BudgetAmounts(5, 0, 1), Of(Anna));
        Assert.Equal(5, (await ReserveAsync(95, (Total, 100))).Before[0].Spent);
    }

    [Fact]
    public async Task A_refusal_tells_what_stood_there()
    {
        await ReserveAsync(30, (Total, 100));
        Store.Settle([Total], 0, 50, 0);

        Assert.Equal(new BudgetAmounts(50, 30, 0), (await ReserveAsync(21, (Total, 100))).Before[0]);
    }

    [Fact]
    public async Task Together_no_number_of_callers_reserves_more_than_there_is()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            var reserved = 0;
            for (var i = 0; i < 50; i++)
            {
                reserved += (await Store.ReserveAsync([(Total, 1000)], 7, CancellationToken.None)).RefusedBy < 0 ? 7 : 0;
            }

            return reserved;
        })));

        Assert.Equal(994, answers.Sum());
        Assert.Equal(994, Of(Total).Reserved);
    }

    [Fact]
    public async Task An_account_is_one_of_its_window()
    {
        await ReserveAsync(100, (Total, 100));
        var tomorrow = Total with { Window = BudgetCalendar.Utc.WindowOf(Noon.AddDays(1), BudgetPeriod.Day) };

        Assert.Equal(-1, (await ReserveAsync(100, (tomorrow, 100))).RefusedBy);
        Assert.Equal([Total], Store.Read(Day).Select(static pair => pair.Account));
        Assert.Equal([tomorrow], Store.Read(tomorrow.Window).Select(static pair => pair.Account));
    }

    private ValueTask<BudgetAnswer> ReserveAsync(long amount, params (BudgetAccount, long?)[] accounts) =>
        Store.ReserveAsync(accounts, amount, TestContext.Current.CancellationToken);

    private BudgetAmounts Of(BudgetAccount account) => Store.Read(account.Window).SingleOrDefault(pair => pair.Account == account).Amounts;
}
