using Tuppence.Thrift.Rewriting.Heads;
using Tuppence.Thrift.Rewriting.Texts;

namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>What is remembered of one conversation beside its head.</summary>
internal sealed class ChatMemory(HeadMemory head, RewritingOptions options)
{
    private HashSet<UInt128> history = [];
    private int historyTokens;
    private UInt128 first;

    /// <summary>The head, shared with the other conversations that have it.</summary>
    public HeadMemory Head { get; private set; } = head;

    /// <summary>What wanders through the history.</summary>
    public Wanderers Wanderers { get; private set; } = new();

    /// <summary>What the front end moves into memory texts.</summary>
    public MovedMessages Moved { get; private set; } = new();

    /// <summary>How much is added to its requests.</summary>
    public AddedText Added { get; private set; } = new(options);

    /// <summary>The window.</summary>
    public KeptWindow Window { get; private set; } = new(options);

    /// <summary>Clocks among what is carried behind the history.</summary>
    public HeldClocks Clocks { get; private set; } = new();

    /// <summary>What rewriting costs and saves.</summary>
    public CourseLedger Courses { get; private set; } = new();

    /// <summary>Bytes that are remembered, without the head.</summary>
    public int Bytes => (history.Count * 24) + Wanderers.Bytes + Window.Bytes + Courses.Bytes + Clocks.Bytes + Moved.Bytes + 400;

    /// <summary>A copy that learns by itself.</summary>
    public ChatMemory Copy()
    {
        var copy = (ChatMemory)MemberwiseClone();
        (copy.Head, copy.Wanderers, copy.Window) = (Head.Copy(), Wanderers.Copy(), Window.Copy());
        (copy.Clocks, copy.Courses, copy.Moved, copy.Added) = (Clocks.Copy(), Courses.Copy(), Moved.Copy(), Added.Copy());
        return copy;
    }

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

    /// <summary>Tokens up to which a request can be read from the cache if its head stays: the head, and of the history what stayed the same.</summary>
    /// <param name="tokensOfHead">Tokens up to the end of the head.</param>
    /// <param name="request">The history.</param>
    /// <param name="keepsStart">Whether what the front end drops from the start of the history is put back.</param>
    public int Kept(int tokensOfHead, HistoryRequest request, bool keepsStart)
    {
        var kept = tokensOfHead;
        if (historyTokens == 0 || request.Blocks.Count == 0)
        {
            return kept;
        }

        var tokens = request.Blocks.Sum(static block => block.Tokens);
        if (request.Blocks[0].Hash != first && (!keepsStart || tokens < historyTokens * KeptWindow.AboutAsMuch))
        {
            return kept;
        }

        // What wanders through the history is no part of what stays.
        foreach (var block in request.Blocks)
        {
            if (history.Contains(block.Hash))
            {
                kept += block.Tokens;
            }
            else if (!block.MayMove)
            {
                break;
            }
        }

        return kept;
    }

    /// <summary>Remembers the request's history.</summary>
    public void Remember(HistoryRequest request)
    {
        history = new HashSet<UInt128>(request.Blocks.Count);
        historyTokens = 0;
        first = request.Blocks.Count > 0 ? request.Blocks[0].Hash : default;
        foreach (var block in request.Blocks)
        {
            history.Add(block.Hash);
            historyTokens += block.Tokens;
        }
    }
}
