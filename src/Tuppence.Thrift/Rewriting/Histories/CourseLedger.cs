using Tuppence.Thrift.Planning;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Rewriting.Histories;

/// <summary>
/// Keeps account of two courses of a conversation, as it came and rewritten: what each would read from the cache and what it would write.
/// Where rewriting turns out the dearer one, it ends.
/// </summary>
internal sealed class CourseLedger
{
    private const int Remembered = 3;
    private const int Fewest = 6;
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private List<(UInt128[] Prefixes, DateTimeOffset At)> plain = [];
    private List<(UInt128[] Prefixes, DateTimeOffset At)> rewritten = [];
    private double plainCost;
    private double rewrittenCost;
    private double uncached;
    private double rewrittenUncached;
    private int requests;

    /// <summary>Whether rewriting has proved the dearer course.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Bytes that are remembered.</summary>
    public int Bytes => plain.Concat(rewritten).Sum(static entry => entry.Prefixes.Length * 16);

    /// <summary>A copy that learns by itself.</summary>
    public CourseLedger Copy()
    {
        var copy = (CourseLedger)MemberwiseClone();
        (copy.plain, copy.rewritten) = ([.. plain], [.. rewritten]);
        return copy;
    }

    /// <summary>Takes a request, as it came and as it goes out.</summary>
    public void Add(Prompt asItCame, Prompt asItGoes, in PlanContext context)
    {
        var input = Math.Max(1, context.Prices.Input);
        var (read, write) = ((double)context.Prices.CacheRead / input, (double)context.Prices.CacheWrite5m / input);
        plainCost += Cost(plain, asItCame, read, write, context.At);
        rewrittenCost += Cost(rewritten, asItGoes, read, write, context.At);
        uncached += asItCame.Tokens;
        rewrittenUncached += asItGoes.Tokens;
        requests++;

        // The planner writes nothing where writing does not pay, so neither course costs noticeably more than no caching. What is learned
        // while nothing is read costs nothing, but a window that is kept for nothing does.
        var least = Math.Min(plainCost, uncached);
        var cost = context.Level == CacheLevel.Window ? rewrittenCost : Math.Min(rewrittenCost, rewrittenUncached);
        IsLost |= requests >= Fewest && cost > (least * 1.01) + (0.3 * asItCame.Tokens);
    }

    private static double Cost(List<(UInt128[] Prefixes, DateTimeOffset At)> course, Prompt prompt, double read, double write, DateTimeOffset at)
    {
        var blocks = prompt.Blocks;
        var shared = 0;
        foreach (var (prefixes, sentAt) in course)
        {
            shared = at - sentAt > Life ? shared : Math.Max(shared, Shared(prefixes, blocks));
        }

        var mine = new UInt128[blocks.Length];
        for (var i = 0; i < mine.Length; i++)
        {
            mine[i] = blocks[i].Prefix;
        }

        course.Add((mine, at));
        if (course.Count > Remembered)
        {
            course.RemoveAt(0);
        }

        var hit = shared == 0 ? 0 : blocks[shared - 1].EndTokens;
        return (read * hit) + (write * (prompt.Tokens - hit));
    }

    // Prefixes are equal up to a point and differ from there on.
    private static int Shared(UInt128[] prefixes, ReadOnlySpan<PromptBlock> blocks)
    {
        var (low, high) = (0, Math.Min(prefixes.Length, blocks.Length));
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (prefixes[middle - 1] == blocks[middle - 1].Prefix)
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
}
