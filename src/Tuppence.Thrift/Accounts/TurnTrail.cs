namespace Tuppence.Thrift.Accounts;

/// <summary>A request as it is remembered: its last block, from which the way leads back to its first.</summary>
internal sealed record TurnTrail(PrefixNode Leaf, int Count, DateTimeOffset At, RequestTraits Traits)
{
    /// <summary>Its blocks in their order.</summary>
    public PrefixNode[] Path()
    {
        var path = new PrefixNode[Count];
        var node = Leaf;
        for (var i = Count - 1; i >= 0; i--)
        {
            path[i] = node;
            node = node.Parent!;
        }

        return path;
    }
}
