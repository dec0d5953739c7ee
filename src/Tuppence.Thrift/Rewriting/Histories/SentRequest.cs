using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>The prefixes of a request on two courses: 0 as it came, 1 rewritten.</summary>
internal sealed class SentRequest
{
    private readonly ulong[][] prefixes;

    /// <summary>Remembers a request; both prompts may be the same.</summary>
    public SentRequest(Prompt asItCame, Prompt rewritten, DateTimeOffset at)
    {
        var plain = PrefixesOf(asItCame);
        prefixes = [plain, ReferenceEquals(asItCame, rewritten) ? plain : PrefixesOf(rewritten)];
        At = at;
    }

    /// <summary>When it was sent.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Whether it really went rewritten.</summary>
    public bool WentRewritten { get; set; }

    /// <summary>Tokens up to which it is written or was read, on each course.</summary>
    public int[] Written { get; private set; } = [0, 0];

    /// <summary>All its tokens, on each course.</summary>
    public int[] Tokens { get; private set; } = [0, 0];

    /// <summary>Whether it is taken to be written to the cache, on each course.</summary>
    public bool[] Writes { get; private set; } = [true, true];

    /// <summary>Bytes that are remembered.</summary>
    public int Bytes => ((prefixes[0].Length + (ReferenceEquals(prefixes[0], prefixes[1]) ? 0 : prefixes[1].Length)) * 8) + 200;

    /// <summary>A copy that is changed by itself.</summary>
    public SentRequest Copy()
    {
        var copy = (SentRequest)MemberwiseClone();
        (copy.Written, copy.Tokens, copy.Writes) = ([.. Written], [.. Tokens], [.. Writes]);
        return copy;
    }

    /// <summary>How many blocks a prompt begins with that this one begins with, too.</summary>
    public int Shared(int course, Prompt prompt)
    {
        // Prefixes are equal up to a point and differ from there on.
        var mine = prefixes[course];
        var blocks = prompt.Blocks;
        var (low, high) = (0, Math.Min(mine.Length, blocks.Length));
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (mine[middle - 1] == (ulong)blocks[middle - 1].Prefix)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }

    private static ulong[] PrefixesOf(Prompt prompt)
    {
        var all = new ulong[prompt.Blocks.Length];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = (ulong)prompt.Blocks[i].Prefix;
        }

        return all;
    }
}
