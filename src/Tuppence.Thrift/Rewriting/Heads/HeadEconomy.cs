using System.Runtime.InteropServices;
using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Rewriting.Heads;

/// <summary>What text in its place, and text behind the history, costs; in tokens at the price of plain input.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct HeadEconomy(Prompt prompt, int kept, int lastUser, in PlanContext context)
{
    private readonly double read = Share(context.Prices.CacheRead, context.Prices.Input);
    private readonly bool takesSystem = context.TakesSystemMessages;
    private readonly double write = Share(context.Prices.CacheWrite5m, context.Prices.Input);

    /// <summary>What it costs to write again from a block on what could else be read: the rest of the head, and of the history what stayed the same.</summary>
    public double Break(int block) => Math.Max(0, write - read) * Math.Max(0, kept - (block == 0 ? 0 : prompt.Blocks[block - 1].EndTokens));

    /// <summary>What it costs at most to carry text behind the history for one request: it may be written although the next request has it elsewhere.</summary>
    /// <param name="tokens">Tokens of the text.</param>
    /// <param name="isFirst">
    /// Whether nothing else is carried. Where the model takes no system messages, the text stands before what the user said last, which is
    /// then to be written again by the next request.
    /// </param>
    public double Carry(int tokens, bool isFirst) => (Math.Max(0, write - read) * tokens) + (isFirst && !takesSystem ? write * lastUser : 0);

    private static double Share(long price, long input) => input == 0 ? 0 : (double)price / input;
}
