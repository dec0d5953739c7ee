using System.Runtime.InteropServices;

namespace Tuppence.Messages.Usage;

/// <summary>The tokens of one answer, as its <c>usage</c> tells them.</summary>
/// <param name="Uncached">Input that was neither read from nor written to the prompt cache (<c>input_tokens</c>).</param>
/// <param name="CacheRead">Input read from the cache (<c>cache_read_input_tokens</c>).</param>
/// <param name="CacheWrite">Input written to the cache, for whatever time (<c>cache_creation_input_tokens</c>).</param>
/// <param name="CacheWrite1h">The part of <paramref name="CacheWrite"/> that is kept for an hour, or null where the answer does not tell the parts.</param>
/// <param name="Output">Output, thinking included; what is known of it so far.</param>
/// <remarks>Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching, "Tracking cache performance" (2026-09).</remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TokenUsage(int Uncached, int CacheRead, int CacheWrite, int? CacheWrite1h, int Output)
{
    /// <summary>All input tokens.</summary>
    public int Input => Uncached + CacheRead + CacheWrite;
}
