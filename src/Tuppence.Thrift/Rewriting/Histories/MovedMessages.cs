using Tuppence.Messages.Requests;
using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Rewriting.Heads;

namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>
/// Knows the messages that a front end takes out of the history to quote them in a memory text. What was sent at its place, is missing
/// there and stands word for word in a text that is new was moved and goes back; what is missing and quoted nowhere was deleted.
/// </summary>
internal sealed partial class MovedMessages
{
    private SaidBlock[] said = [];
    private HashSet<UInt128> headTexts = [];
    private byte[][] newTexts = [];
    private int bytes;

    /// <summary>Blocks of the head of the request at hand that quote moved messages.</summary>
    public HashSet<int> HeadMemories { get; } = [];

    // Of the request at hand.
    private readonly List<PutBack> found = [];
    private HashSet<int> missed = [];
    private HashSet<UInt128> memories = [];
    private HashSet<UInt128> returned = [];
    private List<Candidate> candidates = [];

    /// <summary>A text that may quote messages.</summary>
    /// <param name="Hash">Of a block of the history its hash.</param>
    /// <param name="Block">Index among the blocks of the prompt.</param>
    /// <param name="Text">What it says.</param>
    /// <param name="Gap">The block of the history that stayed and stands behind it next; -1 in the head.</param>
    /// <param name="Role">Who speaks.</param>
    /// <param name="IsNew">Whether the request before had it not.</param>
    private sealed record Candidate(UInt128 Hash, int Block, byte[] Text, int Gap, MessageRole Role, bool IsNew)
    {
        public bool IsMemory { get; set; }
    }

    /// <summary>Bytes that are remembered.</summary>
    public int Bytes => bytes;

    /// <summary>A copy that learns by itself.</summary>
    public MovedMessages Copy()
    {
        // Everything that is remembered is replaced and never changed.
        var copy = new MovedMessages();
        (copy.said, copy.headTexts, copy.newTexts, copy.bytes) = (said, headTexts, newTexts, bytes);
        return copy;
    }

    /// <summary>Whether a block of the request at hand quotes moved messages.</summary>
    public bool IsMemory(UInt128 hash) => memories.Contains(hash);

    /// <summary>Whether a block of the request at hand was moved before and is back at its place.</summary>
    public bool IsBack(UInt128 hash) => returned.Contains(hash);

    /// <summary>What was said at a block's place, as found by <see cref="Find"/>.</summary>
    public SaidBlock? SaidAt(int place) => place < 0 ? null : said[place];

    /// <summary>Finds the moved messages of a request, in their order.</summary>
    /// <param name="prompt">The request.</param>
    /// <param name="head">Its head.</param>
    /// <param name="request">Its history.</param>
    /// <param name="room">Most tokens that may be added.</param>
    /// <param name="added">Takes what is added.</param>
    /// <param name="places">For each block of the history its place in what was said, or -1.</param>
    public List<PutBack> Find(Prompt prompt, HeadRequest head, HistoryRequest request, int room, AddedText added, out int[] places)
    {
        found.Clear();
        HeadMemories.Clear();
        (missed, memories, returned) = ([], [], []);
        places = Alignment.Of(request.Blocks, said);
        Collect(prompt, head, request, places);
        FindReturned(prompt, request, places);
        var gaps = Gaps(places);
        foreach (var (place, _) in gaps)
        {
            foreach (var candidate in candidates)
            {
                candidate.IsMemory |= IsElsewhere(candidate, said[place], gaps[place]) && QuotedText.Quotes(candidate.Text, QuotedText.Normal(said[place].Text));
            }
        }

        var moved = MovedOf(gaps);
        foreach (var candidate in candidates)
        {
            if (candidate.IsMemory)
            {
                _ = candidate.Gap < 0 ? HeadMemories.Add(candidate.Block) : memories.Add(candidate.Hash);
            }
        }

        Choose(prompt, request, places, moved, room, added);
        return found;
    }

    // Missing blocks that something which stayed stands behind, each with the index of that block in the request.
    private static SortedDictionary<int, int> Gaps(int[] places)
    {
        var gaps = new SortedDictionary<int, int>();
        var next = 0;
        for (var i = 0; i < places.Length; i++)
        {
            if (places[i] < 0)
            {
                continue;
            }

            for (; next < places[i]; next++)
            {
                gaps[next] = i;
            }

            next++;
        }

        return gaps;
    }

    // An edited message stands where the old one stood, by the same speaker; a text in the head that was there before quotes no message that goes now.
    private static bool IsElsewhere(Candidate candidate, SaidBlock message, int gap) =>
        message.CanBeMoved && (candidate.Gap < 0 ? candidate.IsNew || message.WasMoved : candidate.Gap != gap || candidate.Role != message.Role);

    private SortedDictionary<int, int> MovedOf(SortedDictionary<int, int> gaps)
    {
        var moved = new SortedDictionary<int, int>();
        foreach (var (place, gap) in gaps)
        {
            var text = !said[place].CanBeMoved ? [] : QuotedText.Normal(said[place].Text);
            foreach (var candidate in candidates)
            {
                if (candidate.IsMemory && (candidate.Gap >= 0 || candidate.IsNew || said[place].WasMoved) && QuotedText.Quotes(candidate.Text, text))
                {
                    moved[place] = gap;
                    break;
                }
            }
        }

        // Of what is gone from the start only the whole goes back: else the start was dropped for want of room.
        var first = gaps.Count == 0 || gaps.First().Key > 0 ? -1 : gaps.First().Value;
        if (first >= 0 && gaps.Any(entry => entry.Value == first && !moved.ContainsKey(entry.Key)))
        {
            foreach (var place in moved.Where(entry => entry.Value == first).Select(static entry => entry.Key).ToList())
            {
                moved.Remove(place);
            }
        }

        return moved;
    }

    // From the start on, as far as there is room: behind the first that stays away nothing is saved.
    private void Choose(Prompt prompt, HistoryRequest request, int[] places, SortedDictionary<int, int> moved, int room, AddedText added)
    {
        var tokens = 0;
        var isFull = false;
        foreach (var (place, gap) in moved)
        {
            tokens += said[place].Tokens;
            isFull |= tokens > room || !added.Fits((double)tokens / Math.Max(1, prompt.Tokens)) || IsToolResult(prompt, request, gap);
            if (isFull)
            {
                missed.Add(place);
                tokens -= said[place].Tokens;
                continue;
            }

            returned.Add(said[place].Hash);
            found.Add(new PutBack(BeforeOf(places, place, gap), said[place]));
        }

        added.Add((double)tokens / Math.Max(1, prompt.Tokens));
    }

    private static bool IsToolResult(Prompt prompt, HistoryRequest request, int index) =>
        prompt.Blocks[request.Blocks[index].Index].Kind is not (BlockKind.Text or BlockKind.Image);

    // Behind what stayed before it, however much that is new stands between.
    private static int BeforeOf(int[] places, int place, int gap)
    {
        for (var i = gap - 1; i >= 0; i--)
        {
            if (places[i] >= 0 && places[i] < place)
            {
                return i + 1;
            }
        }

        return gap;
    }
}
