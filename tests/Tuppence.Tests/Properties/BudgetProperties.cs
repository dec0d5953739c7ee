using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Tuppence.State.Budgets;

namespace Tuppence.Tests.Properties;

/// <summary>Budgets against a book that is kept by hand: any order of reserving, settling, releasing and days that change.</summary>
public sealed class BudgetProperties
{
    private const int Hard = 1000;

    private static readonly DateTimeOffset Start = new(2026, 11, 29, 20, 0, 0, TimeSpan.Zero);
    private static readonly string?[] Keys = [null, "anna", "bot"];

    // A step: what to do, with whom, how much, and how many minutes pass before.
    private static readonly Gen<(int Act, int Key, int Amount, int Minutes)[]> Steps =
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 400], Gen.Int[0, 300]).Array[1, 80];

    [Fact]
    public Task What_is_spent_and_reserved_is_what_was_and_no_hard_limit_is_passed() => Steps.SampleAsync(
        async steps =>
        {
            var time = new FakeTimeProvider(Start);
            var rules = new BudgetRules(new BudgetCalendar(TimeSpan.FromHours(2)),
            [
                (BudgetScope.Total, null, BudgetPeriod.Day, new BudgetLimit(700, Hard)),
                (BudgetScope.Total, null, BudgetPeriod.Month, new BudgetLimit(null, 2 * Hard)),
                (BudgetScope.Key, "*", BudgetPeriod.Day, new BudgetLimit(null, Hard / 2)),
            ]);
            var book = new BudgetBook(() => rules, new MemoryBudgetStore(time), Start);
            var open = new List<(BudgetReservation Reservation, DateTimeOffset At, string? Key)>();
            var settled = new List<(DateTimeOffset At, string? Key, long Spent)>();
            foreach (var (act, keyIndex, amount, minutes) in steps)
            {
                time.Advance(TimeSpan.FromMinutes(minutes));
                var (now, key) = (time.GetUtcNow(), Keys[keyIndex]);
                if (act <= 1)
                {
                    var verdict = await book.ReserveAsync(key, null, now, amount, CancellationToken.None);
                    var fits = Fits(rules.Calendar, open, settled, now, key, amount);
                    Assert.Equal(fits, verdict.Reservation is not null);
                    if (verdict.Reservation is { } reservation)
                    {
                        open.Add((reservation, now, key));
                    }
                }
                else if (open.Count > 0)
                {
                    var (reservation, at, by) = open[amount % open.Count];
                    open.RemoveAt(amount % open.Count);
                    // It never costs more than was held back; what it costs then is the estimate's error alone.
                    var spent = act == 2 ? reservation.Amount * keyIndex / 2 : 0;
                    reservation.TrySettle(spent, 0);
                    reservation.Dispose();
                    settled.Add((at, by, spent));
                }

                foreach (var state in book.States(now))
                {
                    Assert.Equal(Sum(settled.Where(one => IsIn(state.Account, one.At, one.Key)).Select(static one => one.Spent)), state.Amounts.Spent);
                    Assert.Equal(Sum(open.Where(one => IsIn(state.Account, one.At, one.Key)).Select(static one => one.Reservation.Amount)), state.Amounts.Reserved);
                    Assert.True(state.Amounts.Spent + state.Amounts.Reserved <= state.Limit.Hard);
                }
            }
        },
        iter: 2000);

    private static bool Fits(
        BudgetCalendar calendar, List<(BudgetReservation Reservation, DateTimeOffset At, string? Key)> open, List<(DateTimeOffset At, string? Key, long Spent)> settled, DateTimeOffset now, string? key, long amount)
    {
        bool Holds(BudgetScope scope, string? of, BudgetPeriod period, long hard)
        {
            var account = new BudgetAccount(scope, of, calendar.WindowOf(now, period));
            var spent = Sum(settled.Where(one => IsIn(account, one.At, one.Key)).Select(static one => one.Spent));
            return spent < hard && spent + Sum(open.Where(one => IsIn(account, one.At, one.Key)).Select(static one => one.Reservation.Amount)) + amount <= hard;
        }

        return Holds(BudgetScope.Total, null, BudgetPeriod.Day, Hard) && Holds(BudgetScope.Total, null, BudgetPeriod.Month, 2 * Hard)
            && (key is null || Holds(BudgetScope.Key, key, BudgetPeriod.Day, Hard / 2));
    }

    private static bool IsIn(BudgetAccount account, DateTimeOffset at, string? key) =>
        at >= account.Window.Start && at < account.Window.End && (account.Scope == BudgetScope.Total || account.Of == key);

    private static long Sum(IEnumerable<long> amounts) => amounts.Sum();
}
