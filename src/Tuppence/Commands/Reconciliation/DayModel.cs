namespace Tuppence.Commands.Reconciliation;

/// <summary>What was used of one model on one day, and what it cost in nano-dollars.</summary>
/// <param name="Day">The day, UTC.</param>
/// <param name="Model">The model's id, or what stands for it: <see cref="WebSearch"/>, or the words of another charge.</param>
internal sealed record DayModel(DateOnly Day, string Model)
{
    /// <summary>Stands for the charge for web searches, which belongs to no model.</summary>
    public const string WebSearch = "web search";

    /// <summary>Input neither read nor written.</summary>
    public long Input { get; init; }

    /// <summary>Cache reads.</summary>
    public long CacheRead { get; init; }

    /// <summary>Cache writes of five minutes.</summary>
    public long CacheWrite5m { get; init; }

    /// <summary>Cache writes of an hour.</summary>
    public long CacheWrite1h { get; init; }

    /// <summary>Output.</summary>
    public long Output { get; init; }

    /// <summary>Calls of a server tool.</summary>
    public long Calls { get; init; }

    /// <summary>What it cost. The report tells fractions of a nano-dollar where a price has them.</summary>
    public decimal Cost { get; init; }

    /// <summary>Both together.</summary>
    public DayModel Plus(DayModel other) => this with
    {
        Input = Input + other.Input,
        CacheRead = CacheRead + other.CacheRead,
        CacheWrite5m = CacheWrite5m + other.CacheWrite5m,
        CacheWrite1h = CacheWrite1h + other.CacheWrite1h,
        Output = Output + other.Output,
        Calls = Calls + other.Calls,
        Cost = Cost + other.Cost,
    };
}
