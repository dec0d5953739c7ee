namespace Tuppence.Thrift.Prompts;

/// <summary>How long a cache entry lives after the start of the request that last wrote or read it.</summary>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching (2026-08-21).</remarks>
public enum Ttl
{
    /// <summary>Five minutes, what a <c>cache_control</c> without <c>ttl</c> means.</summary>
    FiveMinutes,

    /// <summary>One hour.</summary>
    OneHour,
}
