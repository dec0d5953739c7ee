using System.Runtime.InteropServices;

namespace Tuppence.Messages.Pricing;

/// <summary>What an answer costs, in integer nano-dollars (10^-9 USD), by what it is for.</summary>
/// <param name="Input">Input neither read nor written.</param>
/// <param name="CacheRead">Cache reads.</param>
/// <param name="CacheWrite">Cache writes of both lives.</param>
/// <param name="Output">Output.</param>
/// <param name="ServerTools">Tools that the provider ran.</param>
/// <param name="WithoutCaching">All of it, had there been no caching.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Price(long Input, long CacheRead, long CacheWrite, long Output, long ServerTools, long WithoutCaching)
{
    /// <summary>All of it.</summary>
    public long Total => Input + CacheRead + CacheWrite + Output + ServerTools;
}
