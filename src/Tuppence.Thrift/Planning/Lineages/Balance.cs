namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>What was saved against no caching at all, in nano-dollars, less what is being spent on requests under way.</summary>
internal sealed class Balance
{
    /// <summary>Saved so far.</summary>
    public long Saved { get; set; }

    /// <summary>What all requests so far would have cost without caching.</summary>
    public long Uncached { get; set; }

    /// <summary>Premiums of requests whose bill is not known yet.</summary>
    public long Reserved { get; set; }

    /// <summary>Whether a forecast read failed and has not been made up for: then only premiums that could be lost whole are allowed.</summary>
    public bool IsWary { get; set; }

    /// <summary>What may be spent above no caching, given a credit.</summary>
    public long Allowance(long credit) => Saved - Reserved + credit;
}
