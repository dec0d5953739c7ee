using Tuppence.Thrift.Rewriting.Heads;

namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>What is remembered of one conversation beside its head.</summary>
internal sealed class ChatMemory(HeadMemory head, RewritingOptions options)
{
    private HashSet<UInt128> history = [];
    private int historyTokens;

    /// <summary>The head, shared with the other conversations that have it.</summary>
    public HeadMemory Head { get; } = head;

    /// <summary>What wanders through the history.</summary>
    public Wanderers Wanderers { get; } = new();

    /// <summary>The window.</summary>
    public KeptWindow Window { get; } = new(options);

    /// <summary>What rewriting costs and saves.</summary>
    public CourseLedger Courses { get; } = new();

    /// <summary>Bytes that are remembered, without the head.</summary>
    public int Bytes => (history.Count * 24) + Wanderers.Bytes + Window.Bytes + Courses.Bytes + 400;

    /// <summary>How much of the shorter of the two histories is in both: 0 to 1; 0 where the request begins another conversation.</summary>
    public double Overlap(HistoryRequest request)
    {
        var (shared, all) = (0, 0);
        foreach (var block in request.Blocks)
        {
            all += block.Tokens;
            shared += history.Contains(block.Hash) ? block.Tokens : 0;
        }

        var shorter = Math.Min(all, historyTokens);
        var isBeginning = all * 2 < historyTokens && request.Blocks.Count <= 3;
        return shorter == 0 || isBeginning ? 0 : (double)shared / shorter;
    }

    /// <summary>Remembers the request's history.</summary>
    public void Remember(HistoryRequest request)
    {
        history = new HashSet<UInt128>(request.Blocks.Count);
        historyTokens = 0;
        foreach (var block in request.Blocks)
        {
            history.Add(block.Hash);
            historyTokens += block.Tokens;
        }
    }
}
