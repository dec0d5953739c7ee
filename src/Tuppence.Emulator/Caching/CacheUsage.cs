using System.Runtime.InteropServices;

namespace Tuppence.Emulator.Caching;

/// <summary>The input side of <c>usage</c>. Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching (2026-08-21).</summary>
/// <param name="InputTokens">Tokens neither read from nor written to the cache.</param>
/// <param name="Written5m">Tokens written with a life of five minutes.</param>
/// <param name="Written1h">Tokens written with a life of one hour.</param>
/// <param name="Read">Tokens read from the cache.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CacheUsage(int InputTokens, int Written5m, int Written1h, int Read)
{
    /// <summary>All tokens written, <c>cache_creation_input_tokens</c> on the wire.</summary>
    public int Written => Written5m + Written1h;
}
