namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>Numbers conversations, over all scopes: no two have the same. Safe for parallel use.</summary>
internal sealed class LineageNumbers
{
    private long last;

    /// <summary>The number that the next one gets.</summary>
    public long Coming => Interlocked.Read(ref last) + 1;

    /// <summary>Takes a number.</summary>
    public long Take() => Interlocked.Increment(ref last);
}
