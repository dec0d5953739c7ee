namespace Tuppence.Commands.Reconciliation;

/// <summary>One figure that ledger and report have differently.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="Model">The model.</param>
/// <param name="What">The figure, in words.</param>
/// <param name="Ledger">What the ledger has.</param>
/// <param name="Report">What the report has.</param>
internal sealed record Difference(DateOnly Day, string Model, string What, decimal Ledger, decimal Report)
{
    /// <summary>Name of the figure that is money, in nano-dollars; all others are counts.</summary>
    public const string Cost = "cost";

    /// <summary>Every figure that differs, by day and model.</summary>
    public static IReadOnlyList<Difference> Between(IEnumerable<DayModel> ledger, IEnumerable<DayModel> report)
    {
        var (ours, theirs) = (Sums(ledger), Sums(report));
        var found = new List<Difference>();
        foreach (var key in ours.Keys.Union(theirs.Keys).Order())
        {
            var none = new DayModel(key.Day, key.Model);
            var (one, other) = (ours.GetValueOrDefault(key, none), theirs.GetValueOrDefault(key, none));
            foreach (var (what, of) in Figures)
            {
                if (of(one) != of(other))
                {
                    found.Add(new Difference(key.Day, key.Model, what, of(one), of(other)));
                }
            }
        }

        return found;
    }

    private static readonly (string What, Func<DayModel, decimal> Of)[] Figures =
    [
        ("input tokens", static sum => sum.Input),
        ("tokens read from the cache", static sum => sum.CacheRead),
        ("tokens written for five minutes", static sum => sum.CacheWrite5m),
        ("tokens written for an hour", static sum => sum.CacheWrite1h),
        ("output tokens", static sum => sum.Output),
        ("calls", static sum => sum.Calls),
        (Cost, static sum => sum.Cost),
    ];

    private static Dictionary<(DateOnly Day, string Model), DayModel> Sums(IEnumerable<DayModel> rows)
    {
        var sums = new Dictionary<(DateOnly, string), DayModel>();
        foreach (var row in rows)
        {
            sums[(row.Day, row.Model)] = sums.TryGetValue((row.Day, row.Model), out var sum) ? sum.Plus(row) : row;
        }

        return sums;
    }
}
