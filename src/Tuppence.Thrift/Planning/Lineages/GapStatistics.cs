namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>How long it takes until a conversation goes on: the shares of gaps that a time to live of five minutes or an hour bridges.</summary>
/// <remarks>Start to start, as the provider's clock runs. Old gaps fade by 2 % with each new one.</remarks>
internal sealed class GapStatistics
{
    private const double Kept = 0.98;

    /// <summary>Weight of all gaps.</summary>
    public double All { get; set; }

    /// <summary>Weight of those within five minutes.</summary>
    public double Within5m { get; set; }

    /// <summary>Weight of those within an hour.</summary>
    public double Within1h { get; set; }

    /// <summary>Notes a gap, in ticks.</summary>
    public void Add(long gap)
    {
        All = (All * Kept) + 1;
        Within5m = (Within5m * Kept) + (gap <= Lives.FiveMinutes ? 1 : 0);
        Within1h = (Within1h * Kept) + (gap <= Lives.OneHour ? 1 : 0);
    }

    /// <summary>The shares, with those of <paramref name="prior"/> weighing as much as <paramref name="weight"/> gaps.</summary>
    public GapShares Shares(in GapShares prior, double weight) =>
        new((Within5m + (prior.Within5m * weight)) / (All + weight), (Within1h + (prior.Within1h * weight)) / (All + weight));
}
