using System.Runtime.InteropServices;
using Tuppence.Thrift.Rewriting.Heads;
using Tuppence.Thrift.Rewriting.Histories;

namespace Tuppence.Thrift.Rewriting;

/// <summary>What is remembered of all conversations. Bounded: the least recently used go first.</summary>
internal sealed class RewritingMemory(long mostBytes)
{
    private const double SameConversation = 0.5;

    private readonly Dictionary<string, LinkedList<ChatMemory>> shelves = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Shelf, ChatMemory Chat, int Bytes)> byUse = new();
    private readonly Dictionary<ChatMemory, LinkedListNode<(string Shelf, ChatMemory Chat, int Bytes)>> places = [];

    /// <summary>Bytes that are remembered.</summary>
    public long Bytes { get; private set; }

    /// <summary>Conversations that are remembered.</summary>
    public int Count => places.Count;

    /// <summary>Finds the conversation that a request goes on with, and the head that it has; either may be null.</summary>
    public (ChatMemory? Chat, HeadMemory? Head) Find(string shelf, HeadRequest head, HistoryRequest history)
    {
        if (!shelves.TryGetValue(shelf, out var chats))
        {
            return (null, null);
        }

        var scores = new Dictionary<HeadMemory, double>();
        var (best, bestHead, bestScore, bestHeadScore) = ((ChatMemory?)null, (HeadMemory?)null, 0.0, 0.0);
        foreach (var chat in chats)
        {
            ref var score = ref CollectionsMarshal.GetValueRefOrAddDefault(scores, chat.Head, out var isKnown);
            score = isKnown ? score : HeadMatch.Score(chat.Head, head);
            if (score <= 0)
            {
                continue;
            }

            if (score > bestHeadScore)
            {
                (bestHead, bestHeadScore) = (chat.Head, score);
            }

            var overlap = chat.Overlap(history);
            if (overlap >= SameConversation && score + overlap > bestScore)
            {
                (best, bestScore) = (chat, score + overlap);
            }
        }

        return (best, best?.Head ?? bestHead);
    }

    /// <summary>Remembers a conversation as the one used last.</summary>
    public void Use(string shelf, ChatMemory chat)
    {
        ref var chats = ref CollectionsMarshal.GetValueRefOrAddDefault(shelves, shelf, out _);
        chats ??= [];
        if (places.TryGetValue(chat, out var place))
        {
            Bytes -= place.Value.Bytes;
            byUse.Remove(place);
            chats.Remove(chat);
        }

        var bytes = chat.Bytes + chat.Head.Bytes;
        Bytes += bytes;
        chats.AddFirst(chat);
        places[chat] = byUse.AddFirst((shelf, chat, bytes));
        while (Bytes > mostBytes && byUse.Last is { } last && places.Count > 0)
        {
            Forget(last);
        }
    }

    private void Forget(LinkedListNode<(string Shelf, ChatMemory Chat, int Bytes)> place)
    {
        byUse.Remove(place);
        places.Remove(place.Value.Chat);
        Bytes -= place.Value.Bytes;
        if (shelves.TryGetValue(place.Value.Shelf, out var chats) && chats.Remove(place.Value.Chat) && chats.Count == 0)
        {
            shelves.Remove(place.Value.Shelf);
        }
    }
}
