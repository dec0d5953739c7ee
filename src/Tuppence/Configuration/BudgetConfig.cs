namespace Tuppence.Configuration;

/// <summary>How much may be spent: in total, by gateway key, by preset.</summary>
public sealed record BudgetConfig
{
    /// <summary>All requests together.</summary>
    public SpendingLimits Total { get; init; } = new();

    /// <summary>By name of the gateway key; <c>*</c> stands for each key that is not named.</summary>
    public IReadOnlyDictionary<string, SpendingLimits> Keys { get; init; } = new Dictionary<string, SpendingLimits>(StringComparer.Ordinal);

    /// <summary>By name of the preset; <c>*</c> stands for each preset that is not named.</summary>
    public IReadOnlyDictionary<string, SpendingLimits> Presets { get; init; } = new Dictionary<string, SpendingLimits>(StringComparer.Ordinal);

    /// <summary>Offset from UTC of the clock whose days and months are meant, -14 to +14 hours.</summary>
    public TimeSpan UtcOffset { get; init; }
}
