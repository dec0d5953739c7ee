using Tuppence.Messages.Models;
using Tuppence.State.Ledger;

namespace Tuppence.Commands.Reconciliation;

/// <summary>Adds up the ledger as the provider's report does: by day of the request and by model, server tools apart.</summary>
internal static class LedgerDays
{
    private const int Page = 10_000;

    /// <summary>The sums, and how many rows are left out since their price is not known.</summary>
    /// <param name="ledger">The ledger.</param>
    /// <param name="upstream">Name of the upstream whose organisation is asked.</param>
    /// <param name="from">First day.</param>
    /// <param name="until">Day after the last.</param>
    /// <param name="cancellation">Gives it up.</param>
    public static async Task<(IReadOnlyCollection<DayModel> Days, int Unpriced)> ReadAsync(ILedgerReader ledger, string upstream, DateOnly from, DateOnly until, CancellationToken cancellation)
    {
        var sums = new Dictionary<(DateOnly, string), DayModel>();
        var unpriced = 0;
        var query = new LedgerQuery { From = Moment(from), Until = Moment(until), Upstream = upstream, Limit = Page };
        while (true)
        {
            var page = await ledger.ReadAsync(query, cancellation);
            foreach (var row in page.Entries)
            {
                unpriced += row is { Usage: not null, Cost: null } ? 1 : 0;
                Add(sums, row);
            }

            if (page.Next is null)
            {
                return (sums.Values, unpriced);
            }

            query = query with { Before = page.Next };
        }
    }

    /// <summary>The id under which a model is known, whichever of its names stands there.</summary>
    public static string IdOf(string model) => ModelTable.Default.TryFind(model, out var known) ? known.Id : model;

    private static DateTimeOffset Moment(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static void Add(Dictionary<(DateOnly, string), DayModel> sums, LedgerEntry row)
    {
        if (row.Usage is not { } usage)
        {
            return;
        }

        var day = DateOnly.FromDateTime(row.At.UtcDateTime);
        Add(sums, new DayModel(day, IdOf(row.Model ?? "?"))
        {
            Input = usage.Input,
            CacheRead = usage.CacheRead,
            CacheWrite5m = usage.CacheWrite5m,
            CacheWrite1h = usage.CacheWrite1h,
            Output = usage.Output,
            Cost = row.Cost is { } cost ? cost.Total - cost.ServerTools : 0,
        });
        if (usage.WebSearches > 0)
        {
            Add(sums, new DayModel(day, DayModel.WebSearch) { Calls = usage.WebSearches, Cost = row.Cost?.ServerTools ?? 0 });
        }
    }

    private static void Add(Dictionary<(DateOnly, string), DayModel> sums, DayModel more) =>
        sums[(more.Day, more.Model)] = sums.TryGetValue((more.Day, more.Model), out var sum) ? sum.Plus(more) : more;
}
