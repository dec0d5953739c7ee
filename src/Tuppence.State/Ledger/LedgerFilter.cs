namespace Tuppence.State.Ledger;

/// <summary>Whether a row is of a query, for rows in memory.</summary>
internal sealed class LedgerFilter(LedgerQuery query)
{
    private static readonly char[] Blanks = [' ', '\t', '\r', '\n'];

    private readonly string[] words = Words(query.Search);

    /// <summary>The words of a search.</summary>
    public static string[] Words(string? search) => search?.Split(Blanks, StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>How many rows a query asks for.</summary>
    public static int Limit(LedgerQuery query) => Math.Clamp(query.Limit, 1, 10_000);

    /// <summary>Whether it is of the query, its words aside.</summary>
    public bool Holds(LedgerEntry entry) =>
        (query.From is not { } from || entry.At >= from)
        && (query.Until is not { } until || entry.At < until)
        && (query.Conversation is null || entry.Conversation == query.Conversation)
        && (query.Model is null || entry.Model == query.Model)
        && (query.Preset is null || entry.Preset == query.Preset)
        && (query.Key is null || entry.Key == query.Key)
        && (query.Upstream is null || entry.Upstream == query.Upstream)
        && (!query.FailedOnly || entry.IsFailed);

    /// <summary>Whether all words are in the row.</summary>
    public bool HasWords(LedgerEntry entry) =>
        Array.TrueForAll(words, word => In(entry.Id, word) || In(entry.Model, word) || In(entry.Client, word) || In(entry.Preset, word)
            || In(entry.Upstream, word) || In(entry.Title, word) || In(entry.ErrorType, word));

    /// <summary>Whether all words are in what a conversation is known by.</summary>
    public bool HasWords(LedgerConversation conversation) =>
        Array.TrueForAll(words, word => In(conversation.Id, word) || In(conversation.Title, word) || In(conversation.Model, word) || In(conversation.Client, word));

    private static bool In(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
}
