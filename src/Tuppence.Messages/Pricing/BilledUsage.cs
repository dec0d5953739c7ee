using System.Runtime.InteropServices;

namespace Tuppence.Messages.Pricing;

/// <summary>What a provider bills of one answer, and what decides at which prices.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BilledUsage
{
    /// <summary>Input tokens neither read nor written.</summary>
    public long Input { get; init; }

    /// <summary>Tokens read from the cache.</summary>
    public long CacheRead { get; init; }

    /// <summary>Tokens written for five minutes.</summary>
    public long CacheWrite5m { get; init; }

    /// <summary>Tokens written for an hour.</summary>
    public long CacheWrite1h { get; init; }

    /// <summary>Output tokens, thinking included.</summary>
    public long Output { get; init; }

    /// <summary>Web searches.</summary>
    public long WebSearches { get; init; }

    /// <summary>Web fetches.</summary>
    public long WebFetches { get; init; }

    /// <summary><c>service_tier</c> as the answer tells it, or null.</summary>
    public string? ServiceTier { get; init; }

    /// <summary><c>inference_geo</c> as the answer tells it, or null.</summary>
    public string? InferenceGeo { get; init; }

    /// <summary><c>speed</c> as the answer tells it, or null.</summary>
    public string? Speed { get; init; }

    /// <summary>True for a result of a message batch.</summary>
    public bool IsBatch { get; init; }

    /// <summary>The platform, as the ledger names it: it decides on what regional endpoints cost.</summary>
    public string? Platform { get; init; }

    /// <summary>True where the request went to a regional or multi-region endpoint of a platform that has a global one.</summary>
    public bool IsRegional { get; init; }

    /// <summary>All input tokens.</summary>
    public long AllInput => Input + CacheRead + CacheWrite5m + CacheWrite1h;
}
