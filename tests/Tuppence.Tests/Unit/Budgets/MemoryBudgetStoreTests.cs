using Tuppence.State.Budgets;

namespace Tuppence.Tests.Unit.Budgets;

public sealed class MemoryBudgetStoreTests : BudgetStoreSuite
{
    private readonly MemoryBudgetStore store;

    public MemoryBudgetStoreTests() => store = new MemoryBudgetStore(Time);

    protected override IBudgetStore Store => store;

    [Fact]
    public async Task A_window_is_forgotten_a_day_after_its_end_unless_something_is_reserved_in_it()
    {
        var now = Time.GetUtcNow();
        var (held, spent) = (AccountAt(now, "held"), AccountAt(now, "spent"));
        await store.ReserveAsync([(held, null)], 5, TestContext.Current.CancellationToken);
        store.Settle([spent], 0, 5, 0);

        Time.Advance(TimeSpan.FromHours(35));
        store.Settle([AccountAt(Time.GetUtcNow(), "new")], 0, 1, 0);
        Assert.Equal(3, store.Count);

        Time.Advance(TimeSpan.FromHours(2));
        store.Settle([AccountAt(Time.GetUtcNow(), "new")], 0, 1, 0);
        Assert.DoesNotContain(store.Read(spent.Window), pair => pair.Account == spent);
        Assert.Equal(5, store.Read(held.Window).Single().Amounts.Reserved);

        store.Settle([held], 5, 0, 0);
        Time.Advance(TimeSpan.FromDays(2));
        store.Settle([AccountAt(Time.GetUtcNow(), "new")], 0, 1, 0);
        Assert.Equal(1, store.Count);
    }

    private static BudgetAccount AccountAt(DateTimeOffset at, string of) => new(BudgetScope.Preset, of, BudgetCalendar.Utc.WindowOf(at, BudgetPeriod.Day));
}
