namespace Tuppence.Messages.Models;

/// <summary>Rules of the prompt cache. Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching.</summary>
/// <param name="MaxBreakpoints">Most <c>cache_control</c> marks in a request.</param>
/// <param name="LookbackPositions">Positions that a mark is looked for at, its own included.</param>
/// <param name="Ttls">Lifetimes by name.</param>
public sealed record CacheRules(int MaxBreakpoints, int LookbackPositions, IReadOnlyDictionary<string, CacheTtl> Ttls)
{
    /// <summary>No rules.</summary>
    public static readonly CacheRules None = new(0, 0, new Dictionary<string, CacheTtl>(StringComparer.Ordinal));
}
