namespace Tuppence.Thrift.Accounts;

/// <summary>Why a request could not read more from the cache than it did. Told from hashes and text alone, so every one of them is a guess.</summary>
public enum BreakCause
{
    /// <summary>Nothing broke: all that the earlier request shares was read.</summary>
    Nothing,

    /// <summary>The first request of a conversation: there is nothing to read yet.</summary>
    First,

    /// <summary>A clock: only dates, times or idle times differ.</summary>
    Clock,

    /// <summary>A random macro: a few words differ at a place that has changed again and again.</summary>
    Random,

    /// <summary>A lore entry came or went.</summary>
    Lore,

    /// <summary>A note that is kept at a fixed depth moved along with the history.</summary>
    Note,

    /// <summary>The oldest messages, or the examples before them, were dropped.</summary>
    Truncation,

    /// <summary>The summary of the chat was rewritten.</summary>
    Summary,

    /// <summary>An earlier message or an instruction was edited, deleted or inserted.</summary>
    Edit,

    /// <summary>The card changed, as in a group chat where another character speaks.</summary>
    Card,

    /// <summary>Another model: the cache is kept per model.</summary>
    Model,

    /// <summary>The effort changed.</summary>
    Effort,

    /// <summary>Thinking, or its budget, changed.</summary>
    Thinking,

    /// <summary>The tools, or the choice among them, changed.</summary>
    Tools,

    /// <summary>Anything else that is rendered into every message changed: speed, task budget, or whether there is an image.</summary>
    Settings,

    /// <summary>The pause was longer than the entry lives.</summary>
    Expiry,

    /// <summary>The provider lost the entry before its time.</summary>
    EarlyLoss,

    /// <summary>The earlier request did not write this far, because it was not expected to pay or because nothing was marked.</summary>
    NotWritten,
}
