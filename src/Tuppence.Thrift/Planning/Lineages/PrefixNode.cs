namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>A prefix that some request had: a node of the tree of requests, and what the provider should hold at it.</summary>
internal struct PrefixNode
{
    /// <summary>Hash of the prompt up to and including the block.</summary>
    public UInt128 Prefix;

    /// <summary>The latest request that had it.</summary>
    public Visit? Visitor;

    /// <summary>How many requests had it.</summary>
    public int Visits;

    /// <summary>When that was, in ticks.</summary>
    public long VisitedAt;

    /// <summary>Index of the node one block earlier, or -1.</summary>
    public int Parent;

    /// <summary>Index of the next node in the same bucket, or of the next free one; -1 at the end.</summary>
    public int Next;

    /// <summary>Tokens of the prompt up to and including the block.</summary>
    public int EndTokens;

    /// <summary>How long each use keeps the segment.</summary>
    public Prompts.Ttl Ttl;

    /// <summary>Tells this writing of the segment from others; 0 where nothing was ever written.</summary>
    public long Serial;

    /// <summary>The serial of the segment below when this one was written.</summary>
    public long Below;

    /// <summary>The last moment of the segment's life, in ticks.</summary>
    public long Expiry;

    /// <summary>From when an entry can be found here, in ticks; <see cref="long.MaxValue"/> where no breakpoint stood.</summary>
    public long ReadableFrom;
}
