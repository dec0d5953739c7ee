namespace Tuppence.Thrift.Replays;

/// <summary>What a replay came to. Costs are in nano-dollars.</summary>
public sealed record ReplayResult
{
    /// <summary>Requests that were sent.</summary>
    public required int Requests { get; init; }

    /// <summary>Input as planned.</summary>
    public required long Cost { get; init; }

    /// <summary>Input of the original without any caching.</summary>
    public required long Uncached { get; init; }

    /// <summary>The least that the requests as they were sent can cost.</summary>
    public required long LowerBoundOfSent { get; init; }

    /// <summary>Input tokens as planned.</summary>
    public required long Tokens { get; init; }

    /// <summary>Those of them that were read from the cache.</summary>
    public required long ReadTokens { get; init; }

    /// <summary>Those of them that were written to it.</summary>
    public required long WrittenTokens { get; init; }

    /// <summary>Those of the written ones that were read afterwards.</summary>
    public required long ReusedTokens { get; init; }

    /// <summary>The least share of an original's sentences that its planned request has, over all requests: 0 to 1.</summary>
    public required double KeptText { get; init; }

    /// <summary>New text in the mean, for each character of the original.</summary>
    public required double AddedText { get; init; }

    /// <summary>Share by which the planner's forecasts of the requests' cost were wrong in sum.</summary>
    public required double ForecastError { get; init; }

    /// <summary>Planned requests that the API would have rejected. Always 0, or the planner is wrong.</summary>
    public required int Rejected { get; init; }

    /// <summary>Requests that could not be read and were sent as they are; no cost is counted for them.</summary>
    public required int Unread { get; init; }

    /// <summary>Cost for each nano-dollar without caching.</summary>
    public double Ratio => Uncached == 0 ? 1 : (double)Cost / Uncached;

    /// <summary>Share of the written tokens that were never read.</summary>
    public double Waste => WrittenTokens == 0 ? 0 : 1 - ((double)ReusedTokens / WrittenTokens);

    /// <summary>Share of the input tokens that was read from the cache.</summary>
    public double ReadShare => Tokens == 0 ? 0 : (double)ReadTokens / Tokens;
}
