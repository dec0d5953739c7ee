using System.Runtime.InteropServices;

namespace Tuppence.State.Budgets;

/// <summary>Keeps what is spent in memory, for one process.</summary>
public sealed class MemoryBudgetStore(TimeProvider time) : IBudgetStore
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private readonly Lock guard = new();
    private readonly Dictionary<BudgetAccount, BudgetAmounts> accounts = [];
    private DateTimeOffset nextSweep = DateTimeOffset.MaxValue;

    /// <summary>How many accounts are held.</summary>
    public int Count
    {
        get
        {
            lock (guard)
            {
                return accounts.Count;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<BudgetAnswer> ReserveAsync(IReadOnlyList<(BudgetAccount Account, long? Hard)> accounts, long amount, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        var before = new BudgetAmounts[accounts.Count];
        var refusing = -1;
        lock (guard)
        {
            for (var i = 0; i < before.Length; i++)
            {
                var (account, hard) = accounts[i];
                this.accounts.TryGetValue(account, out before[i]);
                if (Exceeds(before[i], amount, hard) && (refusing < 0 || account.Window.End > accounts[refusing].Account.Window.End))
                {
                    refusing = i;
                }
            }

            if (refusing < 0)
            {
                foreach (var (account, _) in accounts)
                {
                    Add(account, 0, amount, 0);
                }
            }
        }

        return ValueTask.FromResult(new BudgetAnswer(refusing, before));
    }

    /// <inheritdoc/>
    public void Settle(IReadOnlyList<BudgetAccount> accounts, long reserved, long spent, long unpriced)
    {
        ArgumentNullException.ThrowIfNull(accounts);
        lock (guard)
        {
            foreach (var account in accounts)
            {
                Add(account, spent, -reserved, unpriced);
            }

            Sweep();
        }
    }

    /// <inheritdoc/>
    public BudgetAmounts Of(in BudgetAccount account)
    {
        lock (guard)
        {
            return accounts.GetValueOrDefault(account);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<(BudgetAccount Account, BudgetAmounts Amounts)> Read(BudgetWindow window)
    {
        lock (guard)
        {
            return [.. accounts.Where(pair => pair.Key.Window == window).Select(static pair => (pair.Key, pair.Value))];
        }
    }

    private static bool Exceeds(in BudgetAmounts amounts, long amount, long? hard) =>
        hard is { } most && (amounts.Spent >= most || amounts.Spent + amounts.Reserved + amount > most);

    private void Add(in BudgetAccount account, long spent, long reserved, long unpriced)
    {
        ref var amounts = ref CollectionsMarshal.GetValueRefOrAddDefault(accounts, account, out _);
        amounts = amounts.Plus(spent, reserved, unpriced);
        nextSweep = Earlier(nextSweep, account.Window.End + Kept);
    }

    /// <summary>Forgets what is over, when the first window that is known has been over for a day.</summary>
    private void Sweep()
    {
        var now = time.GetUtcNow();
        if (now < nextSweep)
        {
            return;
        }

        nextSweep = DateTimeOffset.MaxValue;
        foreach (var (account, amounts) in accounts)
        {
            var over = account.Window.End + Kept;
            if (over <= now && amounts.Reserved == 0)
            {
                accounts.Remove(account);
            }
            else
            {
                // What is reserved beyond its time is looked at again with the next day.
                nextSweep = Earlier(nextSweep, over <= now ? now + Kept : over);
            }
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
