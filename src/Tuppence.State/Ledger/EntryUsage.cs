namespace Tuppence.State.Ledger;

/// <summary>What an answer reported of itself, as the provider bills it. Members that the answer did not tell are null.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/api/messages, <c>usage</c>; parts of cache writes: https://platform.claude.com/docs/en/build-with-claude/prompt-caching.</remarks>
public sealed record EntryUsage
{
    /// <summary>Input neither read from nor written to the cache (<c>input_tokens</c>).</summary>
    public required long Input { get; init; }

    /// <summary>Input read from the cache (<c>cache_read_input_tokens</c>).</summary>
    public long CacheRead { get; init; }

    /// <summary>Input written to the cache for five minutes.</summary>
    public long CacheWrite5m { get; init; }

    /// <summary>Input written to the cache for an hour.</summary>
    public long CacheWrite1h { get; init; }

    /// <summary>Output, thinking included (<c>output_tokens</c>).</summary>
    public long Output { get; init; }

    /// <summary>The part of <see cref="Output"/> that was thinking, where it is reported.</summary>
    public long? Thinking { get; init; }

    /// <summary>Web searches that the provider ran (<c>server_tool_use.web_search_requests</c>).</summary>
    public long WebSearches { get; init; }

    /// <summary>Web fetches that the provider ran (<c>server_tool_use.web_fetch_requests</c>).</summary>
    public long WebFetches { get; init; }

    /// <summary><c>service_tier</c> as reported: <c>standard</c>, <c>priority</c> or <c>batch</c>.</summary>
    public string? ServiceTier { get; init; }

    /// <summary><c>inference_geo</c> as reported.</summary>
    public string? InferenceGeo { get; init; }

    /// <summary>True where the answer ended before its last word on usage: the output is what was known by then, a lower bound.</summary>
    public bool IsPartial { get; init; }

    /// <summary>All input tokens.</summary>
    public long AllInput => Input + CacheRead + CacheWrite5m + CacheWrite1h;
}
