namespace Tuppence.Dashboard.Conversations;

/// <summary>Under which number the prompt cache's accounts know a conversation of the ledger. Bounded: the oldest are forgotten first.</summary>
internal sealed class ConversationNumbers
{
    private const int Most = 2000;

    private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);
    private readonly Queue<string> byAge = new();
    private readonly Lock gate = new();

    /// <summary>Notes the number of a conversation's latest turn.</summary>
    public void Note(string conversation, long number)
    {
        lock (gate)
        {
            if (!numbers.ContainsKey(conversation))
            {
                byAge.Enqueue(conversation);
                if (byAge.Count > Most)
                {
                    numbers.Remove(byAge.Dequeue());
                }
            }

            numbers[conversation] = number;
        }
    }

    /// <summary>The number, or null.</summary>
    public long? Of(string conversation)
    {
        lock (gate)
        {
            return numbers.TryGetValue(conversation, out var number) ? number : null;
        }
    }
}
