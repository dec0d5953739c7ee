namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>
/// The window of a conversation as it is sent: what the front end dropped from its start stays until there is much of it, then goes in
/// one piece. What the user took out stays out: only a run gone from the very start counts, while all behind it is still there.
/// </summary>
internal sealed partial class KeptWindow(RewritingOptions options)
{
    // A front end at its limit sends about as much as before; one that hides what a summary covers sends much less.
    public const double AboutAsMuch = 0.75;
    private const double MostDroppedAtOnce = 0.3;
    private const int EnoughInOrder = 3;

    private List<HistoryMessage> sent = [];
    private int largest;
    private int drops;

    /// <summary>Whether the front end is known to drop messages for want of room.</summary>
    public bool IsAtLimit => drops > 0;

    /// <summary>Messages at the start of the request that are left out: it was cut down to the low-water mark.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Bytes that are remembered.</summary>
    public int Bytes { get; private set; }

    /// <summary>A copy that learns by itself.</summary>
    public KeptWindow Copy()
    {
        var copy = (KeptWindow)MemberwiseClone();
        copy.sent = [.. sent.Select(static message => message.Copy())];
        return copy;
    }

    /// <summary>Says which messages to put back before the first of the request, and whether the first gives way to the last of them.</summary>
    /// <param name="request">The messages as the front end sends them.</param>
    /// <param name="tokens">Tokens of the request.</param>
    /// <param name="heldOfHead">Tokens that were added to the head.</param>
    /// <param name="room">Most tokens that may be added.</param>
    /// <param name="flickers">Whether examples went at the same time, which only a front end at its limit does.</param>
    /// <param name="added">Takes what is added.</param>
    /// <param name="held">The messages to put back.</param>
    public bool Keep(List<HistoryMessage> request, int tokens, int heldOfHead, int room, bool flickers, AddedText added, List<HistoryMessage> held)
    {
        added.Add(Share(heldOfHead, tokens));
        held.Clear();
        LeftOut = StillLeftOut(request);
        var replacesFirst = false;
        if (LeftOut == 0 && request.Count > 0 && sent.Count > 0 && FindStart(request, out var start, out replacesFirst))
        {
            var gone = sent.GetRange(0, start + (replacesFirst ? 1 : 0));
            if (gone.Count > 0 && IsTruncation(gone, tokens, flickers))
            {
                if (HasRoom(gone, replacesFirst ? request[0].Tokens : 0, tokens, room, added, out var share))
                {
                    held.AddRange(gone);
                    added.Add(share);
                }
                else
                {
                    LeftOut = CutDown(request, tokens);
                }
            }
        }

        replacesFirst &= held.Count > 0;
        largest = Math.Max(largest, tokens);
        Remember(request, held, replacesFirst);
        return replacesFirst;
    }

    /// <summary>Keeps the JSON of a message that may be dropped by the front end next.</summary>
    public IEnumerable<HistoryMessage> WithoutJson(int tokens)
    {
        var most = tokens * (options.HighWater + 0.1);
        foreach (var message in sent)
        {
            if (most < 0)
            {
                break;
            }

            most -= message.Tokens;
            if (message.Json.Length == 0)
            {
                yield return message;
            }
        }
    }

    /// <summary>Counts what is remembered.</summary>
    public void Count()
    {
        Bytes = 0;
        foreach (var message in sent)
        {
            Bytes += message.Json.Length + (message.Blocks.Length * 16) + 96;
        }
    }

    private bool FindStart(List<HistoryMessage> request, out int start, out bool replacesFirst)
    {
        for (var isEnd = false; ; isEnd = true)
        {
            for (start = 0; start < sent.Count; start++)
            {
                if ((isEnd ? request[0].IsEndOf(sent[start]) : request[0].Matches(sent[start])) && InOrder(request, start))
                {
                    replacesFirst = isEnd;
                    return true;
                }
            }

            if (isEnd)
            {
                replacesFirst = false;
                return false;
            }
        }
    }

    private bool InOrder(List<HistoryMessage> request, int start)
    {
        var count = 1;
        while (count < request.Count && start + count < sent.Count && request[count].Matches(sent[start + count]))
        {
            count++;
        }

        return count > EnoughInOrder || (start == 0 && count > 0);
    }

    private bool IsTruncation(List<HistoryMessage> gone, int tokens, bool flickers)
    {
        var (dropped, news) = (0, 0);
        foreach (var message in gone)
        {
            if (!message.IsText || message.Json.Length == 0)
            {
                return false;
            }

            dropped += message.Tokens;
            news += message.IsHeld ? 0 : message.Tokens;
        }

        if (news == 0)
        {
            return true;
        }

        if (tokens < largest * AboutAsMuch || news > tokens * MostDroppedAtOnce)
        {
            return false;
        }

        // The first time it may be the user who deleted the beginning; the second time it is the limit.
        return drops++ > 0 || flickers;
    }

    private static bool HasRoom(List<HistoryMessage> gone, int replaced, int tokens, int room, AddedText added, out double share)
    {
        var more = -replaced;
        foreach (var message in gone)
        {
            more += message.Tokens;
        }

        share = Share(more, tokens);
        return more <= room && added.Fits(share);
    }

    private static double Share(int more, int tokens) => (double)more / Math.Max(1, tokens);

    private void Remember(List<HistoryMessage> request, List<HistoryMessage> held, bool replacesFirst)
    {
        var old = new Dictionary<UInt128, HistoryMessage>();
        foreach (var message in sent)
        {
            if (message.Json.Length > 0 && message.Blocks.Length > 0)
            {
                old[message.Blocks[0]] = message;
            }
        }

        var next = new List<HistoryMessage>(held.Count + request.Count);
        foreach (var message in held)
        {
            message.IsHeld = true;
            next.Add(message);
        }

        for (var i = replacesFirst ? 1 : LeftOut; i < request.Count; i++)
        {
            var message = request[i];
            if (message.Blocks.Length > 0 && old.TryGetValue(message.Blocks[0], out var same) && same.Matches(message))
            {
                message.Json = same.Json;
            }

            next.Add(message);
        }

        sent = next;
    }
}
