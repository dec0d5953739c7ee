using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>Finds the conversation that a request goes on with where its prefix does not say: by the messages that it still carries.</summary>
/// <remarks>
/// A clock in the system prompt, another speaker of a group or a window that slid leave nothing of the prefix but all of the late
/// messages. Of those the latest known ones vote. Short blocks do not: too many conversations have them.
/// </remarks>
internal sealed class LineageIndex
{
    private const int Voters = 12;
    private const int Noted = 6;
    private const int ShortestTokens = 24;
    private const int MostKept = 32 * 1024;

    private Dictionary<UInt128, Lineage> recent = [];
    private Dictionary<UInt128, Lineage> older = [];

    /// <summary>The conversation with most votes, or null.</summary>
    public Lineage? Find(ReadOnlySpan<PromptBlock> blocks)
    {
        Lineage? best = null;
        var bestVotes = 0;
        Span<UInt128> asked = stackalloc UInt128[Voters];
        var count = 0;
        for (var i = blocks.Length - 1; i >= 0 && count < Voters && blocks[i].Section == PromptSection.Messages; i--)
        {
            if (blocks[i].Tokens >= ShortestTokens && Find(blocks[i].Hash) is not null)
            {
                asked[count++] = blocks[i].Hash;
            }
        }

        for (var i = 0; i < count; i++)
        {
            var candidate = Find(asked[i]);
            var votes = 0;
            for (var j = 0; j < count; j++)
            {
                votes += Find(asked[j]) == candidate ? 1 : 0;
            }

            if (votes > bestVotes)
            {
                (best, bestVotes) = (candidate, votes);
            }
        }

        return best;
    }

    /// <summary>Notes the latest messages of a conversation.</summary>
    public void Note(ReadOnlySpan<PromptBlock> blocks, Lineage lineage)
    {
        var noted = 0;
        for (var i = blocks.Length - 1; i >= 0 && noted < Noted && blocks[i].Section == PromptSection.Messages; i--)
        {
            if (blocks[i].Tokens >= ShortestTokens)
            {
                recent[blocks[i].Hash] = lineage;
                noted++;
            }
        }

        if (recent.Count >= MostKept)
        {
            (older, recent) = (recent, []);
        }
    }

    private Lineage? Find(UInt128 hash) => recent.TryGetValue(hash, out var found) || older.TryGetValue(hash, out found) ? found : null;
}
