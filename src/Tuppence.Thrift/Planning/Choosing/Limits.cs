using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Planning.Choosing;

/// <summary>What a choice of breakpoints has to keep to.</summary>
/// <param name="HitPosition">Position of the entry that is to be read, or -1.</param>
/// <param name="Allows1h">Whether anything may be written for an hour.</param>
/// <param name="Allows5m">Whether anything may be written for five minutes.</param>
/// <param name="Prices">Prices.</param>
/// <param name="Lookback">Positions that a breakpoint is looked for at, its own included.</param>
/// <param name="MostTokens">Most tokens that may be written.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Limits(int HitPosition, bool Allows1h, bool Allows5m, RenewalPrices Prices, double MostTokens = double.MaxValue, int Lookback = 20);
