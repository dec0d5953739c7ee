namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>How likely it is that a prefix comes again that the next request did not have: rarely with one speaker, always with three in turn.</summary>
internal static class Lateness
{
    private const double Prior = 0.3;
    private const double PriorWeight = 2;
    private const double Fading = 0.4;

    /// <summary>The share of requests, among those whose next request had not all of them, that a later one went on with.</summary>
    /// <param name="visits">A conversation's requests, oldest first.</param>
    /// <param name="number">The number of the present one; the last few before it say nothing yet.</param>
    public static double Of(IReadOnlyList<Visit> visits, long number)
    {
        var (late, all) = (Prior * PriorWeight, PriorWeight);
        foreach (var visit in visits)
        {
            if (visit.Number + 4 > number || visit.StepCount == 0)
            {
                continue;
            }

            ref readonly var last = ref visit.Step(visit.StepCount - 1);
            late += last.Rank > 1 ? 1 : 0;
            all += last.Rank > 1 || last.Depth < visit.Blocks - 1 ? 1 : 0;
        }

        return late / all;
    }

    /// <summary>How sure it is, 0 to 1, that a prefix does not come again after so many later requests without it.</summary>
    public static double Sure(double lateness, long later) => later <= 0 ? 0 : 1 - (lateness * Math.Pow(Fading, later - 1));
}
