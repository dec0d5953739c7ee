using Tuppence.Messages.Models;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Accounts;

/// <summary>A prompt laid beside its bill: which tokens of which block were read, written or paid plain. A bill is by position: read, 1h, 5m, rest.</summary>
/// <remarks>Estimated tokens are stretched so that they add up to what was billed.</remarks>
internal readonly ref struct BilledPrompt(ReadOnlySpan<PromptBlock> blocks, CacheBill bill, ModelPrices prices)
{
    private readonly ReadOnlySpan<PromptBlock> blocks = blocks;
    private readonly CacheBill bill = bill;
    private readonly ModelPrices prices = prices;

    /// <summary>Billed tokens before a block.</summary>
    public int StartOf(int block) => block == 0 ? 0 : EndOf(block - 1);

    /// <summary>Billed tokens up to and including a block.</summary>
    public int EndOf(int block) => blocks[^1].EndTokens == 0 ? 0 : (int)((((long)blocks[block].EndTokens * bill.Tokens) + (blocks[^1].EndTokens / 2)) / blocks[^1].EndTokens);

    /// <summary>Whether a boundary in billed tokens reaches over most of a block: sums of estimates and of bills never meet to the token.</summary>
    public bool Covers(int tokens, int block) => tokens > 0 && (StartOf(block) + EndOf(block)) / 2 <= tokens;

    /// <summary>Tokens of a block that were not read, and what they cost more than reading them.</summary>
    public (int Tokens, long Cost) NotRead(int block)
    {
        var (start, end) = (Math.Max(StartOf(block), bill.Read), EndOf(block));
        if (end <= start)
        {
            return (0, 0);
        }

        var hours = Within(start, end, bill.Read, bill.Read + bill.Write1h);
        var five = Within(start, end, bill.Read + bill.Write1h, bill.Read + bill.Write1h + bill.Write5m);
        var plain = end - start - hours - five;
        return (end - start, (hours * (prices.CacheWrite1h - prices.CacheRead)) + (five * (prices.CacheWrite5m - prices.CacheRead)) + (plain * (prices.Input - prices.CacheRead)));
    }

    /// <summary>The prompt as runs of tokens that fared alike.</summary>
    /// <param name="again">Of each block what its tokens are where they were not read, if an earlier request had it; else null.</param>
    public List<PromptRun> Strip(ReadOnlySpan<PromptRunKind?> again)
    {
        var runs = new List<PromptRun>();
        Span<int> ends = [bill.Read, bill.Read + bill.Write1h, bill.Read + bill.Write1h + bill.Write5m, bill.Tokens];
        var from = 0;
        for (var i = 0; i < blocks.Length; i++)
        {
            var end = i == blocks.Length - 1 ? bill.Tokens : EndOf(i);
            for (var kind = 0; kind < ends.Length; kind++)
            {
                var to = Math.Min(end, ends[kind]);
                if (to > from)
                {
                    Append(runs, kind == 0 ? PromptRunKind.Read : again[i] ?? (PromptRunKind)kind, to - from);
                    from = to;
                }
            }
        }

        return runs;
    }

    private static int Within(int start, int end, int from, int to) => Math.Max(0, Math.Min(end, to) - Math.Max(start, from));

    private static void Append(List<PromptRun> runs, PromptRunKind kind, int tokens)
    {
        if (runs.Count > 0 && runs[^1].Kind == kind)
        {
            runs[^1] = new PromptRun(kind, runs[^1].Tokens + tokens);
        }
        else
        {
            runs.Add(new PromptRun(kind, tokens));
        }
    }
}
