using Tuppence.Messages.Models;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Bounds;

/// <summary>A request as a way through the tree of all requests, from node to node. Indices count along the way unless they say otherwise.</summary>
internal sealed class TreeRequest
{
    /// <summary>A copy of what a search needs of a prompt.</summary>
    public TreeRequest(Prompt prompt, DateTimeOffset at, in ModelPrices prices, int minTokens)
    {
        Blocks = prompt.Blocks.ToArray();
        At = at;
        Prices = prices;
        MinTokens = minTokens;
    }

    public PromptBlock[] Blocks { get; }

    public DateTimeOffset At { get; }

    public ModelPrices Prices { get; }

    public int MinTokens { get; }

    /// <summary>The nodes' numbers in the tree.</summary>
    public int[] Nodes { get; set; } = [];

    /// <summary>The nodes' last blocks.</summary>
    public int[] Ends { get; set; } = [];

    /// <summary>The next request through each node, or -1.</summary>
    public int[] Next { get; set; } = [];

    /// <summary>How far that one has the same way: the last node of both.</summary>
    public int[] SharedTo { get; set; } = [];

    /// <summary>Nodes worth a breakpoint, in their order: the last that this request has in common with one of the next ones.</summary>
    public int[] Candidates { get; set; } = [];

    /// <summary>Of each candidate the first request that parts there.</summary>
    public int[] CandidateNeededAt { get; set; } = [];

    /// <summary>The least that a token of each node costs from here on, if it is not kept; if it is kept for five minutes; for an hour.</summary>
    public long[] Cold { get; set; } = [];

    public long[] Five { get; set; } = [];

    public long[] Hour { get; set; } = [];

    /// <summary>Tokens up to and including a node.</summary>
    public int TokensTo(int index) => index < 0 ? 0 : Blocks[Ends[index]].EndTokens;

    /// <summary>Tokens of a node alone.</summary>
    public int TokensOf(int index) => TokensTo(index) - TokensTo(index - 1);

    /// <summary>Whether a node may carry a breakpoint that counts.</summary>
    public bool IsMarkable(int index) => Blocks[Ends[index]].IsMarkable && TokensTo(index) >= MinTokens;

    /// <summary>The last node that may carry a breakpoint at or before one, or -1.</summary>
    public int LastMarkable(int index)
    {
        while (index >= 0 && !IsMarkable(index))
        {
            index--;
        }

        return index;
    }
}
