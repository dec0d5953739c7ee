using System.Runtime.InteropServices;
using Tuppence.Messages.Models;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.KeepAlive;

/// <summary>A conversation whose cache might be kept alive.</summary>
/// <param name="PrefixTokens">Tokens up to its deepest breakpoint: what a ping reads.</param>
/// <param name="TailTokens">Tokens after it, which a ping pays in full.</param>
/// <param name="Prices">Prices of the model.</param>
/// <param name="Ttl">How long its entries live; the shortest, where there are several.</param>
/// <param name="LatestStart">When its latest real request started.</param>
/// <param name="Pings">Pings since then.</param>
/// <param name="LatestPing">When the latest of them started; ignored where there were none.</param>
/// <param name="Spent">What pings of this conversation cost so far, in nano-dollars.</param>
/// <param name="SpentInAll">What all pings of the period cost so far, in nano-dollars.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct KeepAliveCase(
    int PrefixTokens, int TailTokens, ModelPrices Prices, Ttl Ttl, DateTimeOffset LatestStart, int Pings, DateTimeOffset LatestPing, long Spent, long SpentInAll)
{
    /// <summary>What one more ping costs, in nano-dollars.</summary>
    public long PingCost => (PrefixTokens * Prices.CacheRead) + (TailTokens * Prices.Input);

    /// <summary>What it saves where the user comes back in time, in nano-dollars: the prefix is read and need not be written again, at the lower of the two prices of writing.</summary>
    public long Saving => PrefixTokens * (Prices.CacheWrite5m - Prices.CacheRead);
}
