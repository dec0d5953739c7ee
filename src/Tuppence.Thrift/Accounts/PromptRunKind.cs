namespace Tuppence.Thrift.Accounts;

/// <summary>What became of a run of a prompt's tokens.</summary>
public enum PromptRunKind
{
    /// <summary>Read from the cache.</summary>
    Read,

    /// <summary>New, and written to the cache for an hour.</summary>
    Written1h,

    /// <summary>New, and written to the cache for five minutes.</summary>
    Written5m,

    /// <summary>New, and neither read nor written.</summary>
    Uncached,

    /// <summary>Sent before, and yet paid for again, written or not: something broke the prefix, or the entry was gone.</summary>
    Missed,

    /// <summary>Sent before and paid for again, with nothing broken: it had not been written to the cache, because that was not expected to pay, could not be, or nobody asked for it.</summary>
    NotWritten,
}
