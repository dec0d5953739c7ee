using Tuppence.Spending;
using Tuppence.State.Budgets;
using Tuppence.State.Ledger;

namespace Tuppence.Tests.Unit.Budgets;

public sealed class BudgetBookTests
{
    private const long Dollar = 1_000_000_000;

    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private BudgetRules rules = BudgetRules.None;
    private readonly BudgetBook book;

    public BudgetBookTests() => book = new BudgetBook(() => rules, new MemoryBudgetStore(TimeProvider.System), Noon);

    [Theory]
    [InlineData("2026-11-23T23:59:59Z", 0, "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", "2026-12-01T00:00:00Z")]
    [InlineData("2026-11-30T23:30:00Z", 60, "2026-11-30T23:00:00Z", "2026-12-01T23:00:00Z", "2026-12-31T23:00:00Z")]
    [InlineData("2028-02-29T01:00:00Z", -300, "2028-02-28T05:00:00Z", "2028-02-29T05:00:00Z", "2028-03-01T05:00:00Z")]
    [InlineData("2026-12-31T20:00:00+09:00", 840, "2026-12-31T10:00:00Z", "2027-01-01T10:00:00Z", "2027-01-31T10:00:00Z")]
    public void Days_and_months_begin_by_the_clock_that_is_meant(string at, int offsetMinutes, string dayStart, string dayEnd, string monthEnd)
    {
        var calendar = new BudgetCalendar(TimeSpan.FromMinutes(offsetMinutes));
        var moment = DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture);

        var day = calendar.WindowOf(moment, BudgetPeriod.Day);
        var month = calendar.WindowOf(moment, BudgetPeriod.Month);

        Assert.Equal((Parse(dayStart), Parse(dayEnd), Parse(monthEnd)), (day.Start, day.End, month.End));
        Assert.InRange(moment, month.Start, month.End);
    }

    [Fact]
    public async Task A_named_budget_takes_the_place_of_the_one_for_each()
    {
        rules = Rules((BudgetScope.Key, "*", BudgetPeriod.Day, new BudgetLimit(null, 1 * Dollar)), (BudgetScope.Key, "anna", BudgetPeriod.Day, new BudgetLimit(null, 5 * Dollar)));

        Assert.NotNull((await book.ReserveAsync("anna", null, Noon, 4 * Dollar, TestContext.Current.CancellationToken)).Reservation);
        Assert.NotNull((await book.ReserveAsync("bot", null, Noon, 4 * Dollar, TestContext.Current.CancellationToken)).Refusal);
        Assert.NotNull((await book.ReserveAsync("bot", null, Noon, 1 * Dollar, TestContext.Current.CancellationToken)).Reservation);
        Assert.NotNull((await book.ReserveAsync(null, "story", Noon, 99 * Dollar, TestContext.Current.CancellationToken)).Reservation);
        Assert.Equal(["key anna 4000000000 of 5000000000", "key bot 1000000000 of 1000000000"], Told(static state => state.Amounts.Reserved), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_soft_limit_warns_from_the_request_after_it_was_reached()
    {
        rules = Rules((BudgetScope.Total, null, BudgetPeriod.Day, new BudgetLimit(4 * Dollar, 5 * Dollar)), (BudgetScope.Preset, "a,é %", BudgetPeriod.Month, new BudgetLimit(Dollar, null)));
        using var first = (await book.ReserveAsync(null, "a,é %", Noon, 0, TestContext.Current.CancellationToken)).Reservation!;
        Assert.Empty(first.Warnings);

        Assert.True(first.TrySettle((41 * Dollar / 10) + 9, 0));
        using var second = (await book.ReserveAsync(null, "a,é %", Noon, 0, TestContext.Current.CancellationToken)).Reservation!;

        Assert.Equal("total day 82 % of $5.00, preset a%2C%C3%A9%20%25 month 410 % of $1.00", BudgetText.HeaderOf(second.Warnings));
    }

    [Fact]
    public async Task A_reservation_ends_once()
    {
        rules = Rules((BudgetScope.Total, null, BudgetPeriod.Day, new BudgetLimit(null, 10)));
        var reservation = (await book.ReserveAsync(null, null, Noon, 10, TestContext.Current.CancellationToken)).Reservation!;

        Assert.True(reservation.TrySettle(3, 0));
        Assert.False(reservation.TrySettle(3, 0));
        reservation.Dispose();

        Assert.Equal(new BudgetAmounts(3, 0, 0), book.States(Noon).Single().Amounts);
    }

    [Fact]
    public async Task A_request_counts_in_the_day_of_its_arrival_though_it_ends_in_the_next()
    {
        rules = Rules((BudgetScope.Total, null, BudgetPeriod.Day, new BudgetLimit(null, 10)), (BudgetScope.Total, null, BudgetPeriod.Month, new BudgetLimit(null, 100)));
        using var reservation = (await book.ReserveAsync(null, null, Noon, 10, TestContext.Current.CancellationToken)).Reservation!;

        reservation.TrySettle(8, 0);

        Assert.Equal([0L, 8L], book.States(Noon.AddDays(1)).Select(static state => state.Amounts.Spent));
        Assert.Equal([8L, 8L], book.States(Noon).Select(static state => state.Amounts.Spent));
    }

    [Fact]
    public async Task After_a_restart_the_ledger_tells_what_was_spent()
    {
        await using var ledger = new MemoryLedger();
        ledger.Add(Entry("1", Noon.AddDays(-1), "anna", "story", 7));
        ledger.Add(Entry("2", Noon.AddHours(-1), "anna", null, 20));
        ledger.Add(Entry("3", Noon.AddHours(-1), null, "story", null));
        ledger.Add(Entry("4", Noon.AddSeconds(1), "anna", "story", 1000));
        rules = Rules(
            (BudgetScope.Total, null, BudgetPeriod.Day, new BudgetLimit(null, 100)),
            (BudgetScope.Total, null, BudgetPeriod.Month, new BudgetLimit(null, 100)),
            (BudgetScope.Key, "*", BudgetPeriod.Month, new BudgetLimit(null, 100)),
            (BudgetScope.Preset, "story", BudgetPeriod.Day, new BudgetLimit(null, 100)));
        Assert.All(book.States(Noon), static state => Assert.Equal(Noon, state.Since));

        await book.RecallAsync(ledger, TestContext.Current.CancellationToken);
        await book.RecallAsync(ledger, TestContext.Current.CancellationToken);

        var states = book.States(Noon);
        Assert.Equal(["in total 20", "in total 27", "key anna 27", "preset story 0"], states.Select(static state => $"{state.Account.Name} {state.Amounts.Spent}"), StringComparer.Ordinal);
        Assert.Equal([1L, 1L, 0L, 1L], states.Select(static state => state.Amounts.Unpriced));
        Assert.All(states, static state => Assert.Null(state.Since));
    }

    [Fact]
    public async Task A_budget_that_a_reload_brings_knows_what_was_spent_before()
    {
        await using var ledger = new MemoryLedger();
        ledger.Add(Entry("1", Noon.AddHours(-1), "anna", null, 20));
        book.Count("anna", "story", Noon, 5, 0);

        rules = Rules((BudgetScope.Key, "anna", BudgetPeriod.Day, new BudgetLimit(null, 100)));
        await book.RecallAsync(ledger, TestContext.Current.CancellationToken);

        Assert.Equal(25, book.States(Noon).Single().Amounts.Spent);
    }

    [Fact]
    public async Task A_refusal_names_the_budget_what_is_spent_when_it_resets_and_how_to_raise_it()
    {
        rules = Rules((BudgetScope.Key, "anna", BudgetPeriod.Month, new BudgetLimit(null, 5 * Dollar)));
        book.Count("anna", null, Noon, (49 * Dollar / 10), 0);

        var refusal = (await book.ReserveAsync("anna", null, Noon, Dollar, TestContext.Current.CancellationToken)).Refusal!;

        Assert.Equal(
            "This month's budget of the gateway key “anna” does not cover this request: $4.90 of $5.00 are spent, and it could cost up to $1.00. Lower max_tokens, or shorten the chat. "
            + "It begins anew at 2026-12-01 00:00 UTC, in 8 days; whoever runs this gateway can raise hard_dollars_per_month in budgets.keys.",
            BudgetText.RefusalOf(refusal, Noon));
    }

    private static LedgerEntry Entry(string id, DateTimeOffset at, string? key, string? preset, long? cost) => new()
    {
        Id = id,
        At = at,
        Kind = RequestKind.Message,
        Outcome = RequestOutcome.Completed,
        Key = key,
        Preset = preset,
        Status = 200,
        Usage = new EntryUsage { Input = 1 },
        Cost = cost is { } nano ? new EntryCost { Input = nano, CacheRead = 0, CacheWrite = 0, Output = 0, ServerTools = 0, WithoutCaching = nano } : null,
        Times = new EntryTimes { Total = 1 },
    };

    private IEnumerable<string> Told(Func<BudgetState, long> amount) => book.States(Noon).Select(state => $"{state.Account.Name} {amount(state)} of {state.Limit.Hard}");

    private static BudgetRules Rules(params (BudgetScope, string?, BudgetPeriod, BudgetLimit)[] limits) => new(BudgetCalendar.Utc, limits);

    private static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
