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

    /// <summary>The same, but for half of what is left of the credit where not all of it is earned.</summary>
    public long Cautious(long credit)
    {
        var earned = Math.Max(0, Saved - Reserved);
        var left = Allowance(credit);
        return left <= earned ? left : earned + ((left - earned) / 2);
    }
}
