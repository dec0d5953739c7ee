using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>Shares of gaps, 0 to 1.</summary>
/// <param name="Within5m">Of at most five minutes.</param>
/// <param name="Within1h">Of at most an hour.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GapShares(double Within5m, double Within1h);
