using Tuppence.Thrift;

namespace Tuppence.Dashboard.Conversations;

/// <summary>
/// Levels that were chosen for single conversations on the dashboard; until the end of the process. Such a level comes after the request's own header and
/// before the preset's, the upstream's and the general one: who picks it for a conversation that he looks at means that conversation.
/// </summary>
internal sealed class ConversationLevels
{
    /// <summary>Conversations with a level of their own; the one chosen first goes first.</summary>
    public const int Most = 1000;

    private readonly Dictionary<string, CacheLevel> levels = new(StringComparer.Ordinal);
    private readonly Queue<string> byAge = new();
    private readonly Lock gate = new();
    private volatile int count;

    /// <summary>True where none is chosen, as nearly always.</summary>
    public bool IsEmpty => count == 0;

    /// <summary>The level of a conversation, or null.</summary>
    public CacheLevel? Of(string conversation)
    {
        lock (gate)
        {
            return levels.TryGetValue(conversation, out var level) ? level : null;
        }
    }

    /// <summary>Chooses one, or goes back to what is configured.</summary>
    public void Set(string conversation, CacheLevel? level)
    {
        lock (gate)
        {
            if (level is not { } chosen)
            {
                levels.Remove(conversation);
            }
            else
            {
                if (!levels.ContainsKey(conversation))
                {
                    byAge.Enqueue(conversation);
                }

                levels[conversation] = chosen;
                // Names of levels that were taken back are still in the queue.
                while (levels.Count > Most || byAge.Count > 2 * Most)
                {
                    levels.Remove(byAge.Dequeue());
                }
            }

            count = levels.Count;
        }
    }
}
