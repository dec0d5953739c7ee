using Tuppence.Upstreams.TokenStores;

namespace Tuppence.Upstreams.Credentials;

/// <summary>How a refresh ended. Of the members that follow from each other only those are set that tell something new.</summary>
internal sealed record RefreshOutcome
{
    /// <summary>What the store holds now, or would hold if it could be written; null where it holds nothing.</summary>
    public StoredEntry? Entry { get; init; }

    /// <summary>True where <see cref="Entry"/> is new from the issuer; <see cref="Asked"/> is then when it was asked.</summary>
    public bool IsFresh { get; init; }

    /// <summary>Monotonic time stamp before the request.</summary>
    public long Asked { get; init; }

    /// <summary>True where fresh tokens could not be saved; they must be before anything else.</summary>
    public bool IsUnsaved { get; init; }

    /// <summary>What went wrong, for people; null where nothing did.</summary>
    public string? Trouble { get; init; }

    /// <summary>Pause before another attempt; null where it goes by the number of failures so far.</summary>
    public TimeSpan? Pause { get; init; }

    /// <summary>How far the issuer's clock is ahead, where its answer said so.</summary>
    public TimeSpan? ClockSkew { get; init; }
}
