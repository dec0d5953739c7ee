namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>How soon the next request of a conversation comes, the one after it, and so on: shares within each time to live.</summary>
/// <remarks>
/// A request that has a prefix again is first of all a matter of order (the next one, or the third, since three speakers take turns); how long that
/// takes is a matter of the person. Pauses are rare, so they are counted over all requests, whatever became of their prefixes.
/// </remarks>
internal sealed class Pace
{
    /// <summary>Highest rank that is counted.</summary>
    public const int MostRank = 8;

    /// <summary>How many gaps the prior is worth. Spans of several gaps overlap, so that so many more of them say the same.</summary>
    private const double PriorWeight = 4;

    private readonly GapShares[] shares = new GapShares[MostRank + 1];

    /// <summary>Shares for a rank, 1 to <see cref="MostRank"/>.</summary>
    public GapShares this[int rank] => shares[rank];

    /// <summary>Counts.</summary>
    /// <param name="visits">The conversation's requests, oldest first.</param>
    /// <param name="now">The start of the present one, in ticks.</param>
    /// <param name="prior">What is expected of the next request where nothing is known.</param>
    public void Count(IReadOnlyList<Visit> visits, long now, in GapShares prior)
    {
        for (var rank = 1; rank <= MostRank; rank++)
        {
            var (within5m, within1h, all) = (prior.Within5m * PriorWeight * rank, prior.Within1h * PriorWeight * rank, PriorWeight * rank);
            for (var i = visits.Count - 1; i >= 0; i--)
            {
                var later = i + rank;
                if (later > visits.Count)
                {
                    continue;
                }

                var gap = (later == visits.Count ? now : visits[later].At) - visits[i].At;
                within5m += gap <= Lives.FiveMinutes ? 1 : 0;
                within1h += gap <= Lives.OneHour ? 1 : 0;
                all++;
            }

            shares[rank] = new GapShares(within5m / all, within1h / all);
        }
    }
}
