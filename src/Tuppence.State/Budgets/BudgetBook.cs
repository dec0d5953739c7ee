using Tuppence.State.Ledger;

namespace Tuppence.State.Budgets;

/// <summary>Budgets at work. Counts every request, limited or not, so that a budget that a reload brings knows what is spent. Lives as long as the process.</summary>
/// <param name="rules">The budgets in force.</param>
/// <param name="store">Where is kept what is spent.</param>
/// <param name="startedAt">From when on this book counts; what was before only a ledger can tell.</param>
public sealed class BudgetBook(Func<BudgetRules> rules, IBudgetStore store, DateTimeOffset startedAt)
{
    private readonly HashSet<(BudgetScope Scope, BudgetPeriod Period)> asked = [];
    private readonly HashSet<(BudgetScope Scope, BudgetPeriod Period)> told = [];
    private readonly HashSet<(BudgetAccount Account, long Limit)> crossed = [];

    /// <summary>Told once of each limit that spending reaches, on the thread of the request that reached it: it must neither wait nor throw.</summary>
    public Action<BudgetState>? Crossed { get; set; }

    /// <summary>Holds back what a request may cost, or says which budget is in its way.</summary>
    /// <param name="key">Name of its gateway key, or null.</param>
    /// <param name="preset">Name of its preset, or null.</param>
    /// <param name="at">When it arrived; it counts in the day and month of that moment.</param>
    /// <param name="amount">Nano-dollars, 0 or more. 0: only budgets that are used up refuse.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<BudgetVerdict> ReserveAsync(string? key, string? preset, DateTimeOffset at, long amount, CancellationToken cancellation = default)
    {
        var budgets = rules();
        var accounts = BudgetAccount.AllOf(key, preset, at, budgets.Calendar);
        var limits = new BudgetLimit?[accounts.Length];
        var wanted = new (BudgetAccount, long?)[accounts.Length];
        for (var i = 0; i < accounts.Length; i++)
        {
            wanted[i] = (accounts[i], budgets.TryFind(accounts[i], out limits[i]) ? limits[i]!.Hard : null);
        }

        var (refusedBy, before) = await store.ReserveAsync(wanted, amount, cancellation).ConfigureAwait(false);
        if (refusedBy >= 0)
        {
            return new BudgetVerdict(null, new BudgetRefusal(StateOf(accounts[refusedBy], limits[refusedBy]!, before[refusedBy]), amount));
        }

        List<BudgetState>? warnings = null;
        for (var i = 0; i < accounts.Length; i++)
        {
            if (limits[i] is { } limit && before[i].Spent >= limit.Soft)
            {
                (warnings ??= []).Add(StateOf(accounts[i], limit, before[i]));
            }
        }

        return new BudgetVerdict(new BudgetReservation(this, accounts, amount, warnings is null ? [] : warnings), null);
    }

    /// <summary>Whether the hard limits of the total leave room for so much: for requests that need not be made.</summary>
    /// <param name="at">When.</param>
    /// <param name="amount">Nano-dollars.</param>
    public bool HasRoom(DateTimeOffset at, long amount)
    {
        var budgets = rules();
        return Array.TrueForAll(BudgetAccount.AllOf(null, null, at, budgets.Calendar), account =>
            !budgets.TryFind(account, out var limit) || limit.Hard is not { } hard || store.Of(account) is var now && now.Spent + now.Reserved + amount <= hard);
    }

    /// <summary>Counts a request for which nothing was held back.</summary>
    /// <param name="key">Name of its gateway key, or null.</param>
    /// <param name="preset">Name of its preset, or null.</param>
    /// <param name="at">When it arrived.</param>
    /// <param name="spent">Nano-dollars.</param>
    /// <param name="unpriced">1 where it used tokens of unknown price, else 0.</param>
    public void Count(string? key, string? preset, DateTimeOffset at, long spent, long unpriced) =>
        Settle(BudgetAccount.AllOf(key, preset, at, rules().Calendar), 0, spent, unpriced);

    /// <summary>How each budget stands: in total, keys, presets, by name; the day before the month. Of budgets for each key or preset those that were used.</summary>
    public IReadOnlyList<BudgetState> States(DateTimeOffset now)
    {
        var budgets = rules();
        var states = new List<BudgetState>();
        foreach (var period in (ReadOnlySpan<BudgetPeriod>)[BudgetPeriod.Day, BudgetPeriod.Month])
        {
            var window = budgets.Calendar.WindowOf(now, period);
            var known = store.Read(window).ToDictionary(static pair => pair.Account, static pair => pair.Amounts);
            foreach (var (scope, of, _) in budgets.Given.Where(given => given.Period == period && given.Of != BudgetRules.Each))
            {
                known.TryAdd(new BudgetAccount(scope, of, window), default);
            }

            foreach (var (account, amounts) in known)
            {
                if (budgets.TryFind(account, out var limit))
                {
                    states.Add(StateOf(account, limit, amounts));
                }
            }
        }

        return [.. states.OrderBy(static state => state.Account.Scope).ThenBy(static state => state.Account.Of, StringComparer.Ordinal).ThenBy(static state => state.Account.Window.Period)];
    }

    /// <summary>Counts what the ledger knows of the time before the start, for those budgets in force whose past was not counted yet.</summary>
    /// <remarks>Rows that this process adds are not among it, so the call may come at any moment. It throws what the ledger throws; then a later call asks again.</remarks>
    public async Task RecallAsync(ILedgerReader ledger, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        var budgets = rules();
        foreach (var kind in budgets.Given.Select(static given => (given.Scope, given.Period)).Distinct().ToList())
        {
            lock (told)
            {
                if (!asked.Add(kind))
                {
                    continue;
                }
            }

            try
            {
                await RecallAsync(ledger, kind.Scope, budgets.Calendar.WindowOf(startedAt, kind.Period), cancellation).ConfigureAwait(false);
            }
            catch
            {
                lock (told)
                {
                    asked.Remove(kind);
                }

                throw;
            }

            lock (told)
            {
                told.Add(kind);
            }
        }
    }

    /// <summary>Counts what a request cost in place of what was held back, and tells of limits that it reached.</summary>
    internal void Settle(BudgetAccount[] accounts, long reserved, long spent, long unpriced)
    {
        store.Settle(accounts, reserved, spent, unpriced);
        if (spent > 0)
        {
            foreach (var account in accounts)
            {
                Note(account, Crossed);
            }
        }
    }

    private void Note(in BudgetAccount account, Action<BudgetState>? tell)
    {
        if (!rules().TryFind(account, out var limit) || StateOf(account, limit, store.Of(account)) is not { Level: not BudgetLevel.Within } state)
        {
            return;
        }

        var reached = (state.Level == BudgetLevel.Hard ? limit.Hard : limit.Soft)!.Value;
        var start = account.Window.Start;
        lock (crossed)
        {
            if (!crossed.Add((account, reached)))
            {
                return;
            }

            crossed.RemoveWhere(one => one.Account.Window.End <= start);
        }

        tell?.Invoke(state);
    }

    private async Task RecallAsync(ILedgerReader ledger, BudgetScope scope, BudgetWindow window, CancellationToken cancellation)
    {
        var grouping = scope switch
        {
            BudgetScope.Total => LedgerGrouping.Total,
            BudgetScope.Key => LedgerGrouping.Key,
            _ => LedgerGrouping.Preset,
        };
        foreach (var sum in await ledger.SumAsync(new LedgerQuery { From = window.Start, Until = startedAt }, grouping, cancellation).ConfigureAwait(false))
        {
            if (scope == BudgetScope.Total || sum.Group is not null)
            {
                // What was reached before the start was told then.
                var account = new BudgetAccount(scope, scope == BudgetScope.Total ? null : sum.Group, window);
                store.Settle([account], 0, sum.Cost, sum.Unpriced);
                Note(account, null);
            }
        }
    }

    private BudgetState StateOf(in BudgetAccount account, BudgetLimit limit, in BudgetAmounts amounts)
    {
        bool isTold;
        lock (told)
        {
            isTold = told.Contains((account.Scope, account.Window.Period));
        }

        return new BudgetState(account, limit, amounts, isTold || account.Window.Start >= startedAt ? null : startedAt);
    }
}
