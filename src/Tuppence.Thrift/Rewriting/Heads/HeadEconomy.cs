using System.Runtime.InteropServices;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Rewriting.Heads;

/// <summary>What text in its place, and text behind the history, costs; in tokens at the price of plain input.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct HeadEconomy(Prompt prompt, int kept, in PlanContext context)
{
    private readonly double read = Share(context.Prices.CacheRead, context.Prices.Input);
    private readonly double write = Share(context.Prices.CacheWrite5m, context.Prices.Input);

    /// <summary>What it costs to write again from a block on what could else be read: the rest of the head, and of the history what stayed the same.</summary>
    public double Break(int block) => Math.Max(0, write - read) * Math.Max(0, kept - (block == 0 ? 0 : prompt.Blocks[block - 1].EndTokens));

    /// <summary>What it costs to carry text behind the history for one request.</summary>
    public double Carry(int tokens) => Math.Max(0, 1 - read) * tokens;

    private static double Share(long price, long input) => input == 0 ? 0 : (double)price / input;
}
