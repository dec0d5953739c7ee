using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Accounts;

/// <summary>A request against one earlier request: where they part, and which blocks come again behind that.</summary>
internal sealed class Comparison
{
    private Comparison(TurnTrail earlier, PrefixNode[] path, int divergence, bool[] again)
    {
        Earlier = earlier;
        Path = path;
        Divergence = divergence;
        Again = again;
    }

    public TurnTrail Earlier { get; }

    /// <summary>The earlier request's blocks.</summary>
    public PrefixNode[] Path { get; }

    /// <summary>Index of the first block that differs; where the earlier request ends there, it is its length.</summary>
    public int Divergence { get; }

    /// <summary>Of each block of the later request whether it stands behind the divergence and the earlier request had it there as well.</summary>
    public bool[] Again { get; }

    public static Comparison Between(TurnTrail earlier, ReadOnlySpan<PromptBlock> later, UInt128 scope)
    {
        var path = earlier.Path();
        var divergence = 0;
        while (divergence < path.Length && divergence < later.Length && path[divergence].Key == (later[divergence].Prefix ^ scope))
        {
            divergence++;
        }

        var left = new Dictionary<UInt128, int>(path.Length - divergence);
        for (var i = divergence; i < path.Length; i++)
        {
            left[path[i].Content] = left.GetValueOrDefault(path[i].Content) + 1;
        }

        var again = new bool[later.Length];
        for (var i = divergence; i < later.Length; i++)
        {
            if (left.TryGetValue(later[i].Hash, out var times) && times > 0)
            {
                left[later[i].Hash] = times - 1;
                again[i] = true;
            }
        }

        return new Comparison(earlier, path, divergence, again);
    }

    /// <summary>Where the earlier request has a block at or behind the divergence, or -1.</summary>
    public int IndexInEarlier(UInt128 content) => Array.FindIndex(Path, Divergence, node => node.Content == content);

    /// <summary>Where the later request has a block at or behind the divergence, or -1.</summary>
    public int IndexInLater(ReadOnlySpan<PromptBlock> later, UInt128 content)
    {
        for (var i = Divergence; i < later.Length; i++)
        {
            if (later[i].Hash == content)
            {
                return i;
            }
        }

        return -1;
    }
}
