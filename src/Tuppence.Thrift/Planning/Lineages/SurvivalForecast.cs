using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>
/// For each boundary of a prompt: will any later request have the prefix up to it, and how soon? Earlier requests of the lineage
/// answer by what became of them, each laid over the present one.
/// </summary>
/// <remarks>
/// Laid over: a boundary that stood at its place from the start is found by the block before it; one that moves with the end by its
/// distance from the end. An earlier request counts less the more requests since were like it, and less where it is of another shape. What
/// becomes of tools and system prompt depends on how often this very head was seen and for how long it has stood, so there requests in a like
/// state count more; what happens behind it hardly does, so there all count.
/// Not safe for parallel use; keeps its arrays.
/// </remarks>
internal sealed class SurvivalForecast
{
    /// <summary>What is left of the weight of a request for each later one like it.</summary>
    private const double Fading = 0.9;

    /// <summary>Weight of a request of another shape.</summary>
    private const double OtherShape = 0.12;

    /// <summary>Weight of what is expected where nothing is known, in requests.</summary>
    private const double PriorWeight = 0.6;

    /// <summary>Weight of a request of another conversation.</summary>
    private const double PooledWeight = 0.25;

    /// <summary>How many requests in a like state weigh as much as what all say together.</summary>
    private const double Shrink = 2;

    /// <summary>The same for the times in which a prefix came back.</summary>
    private const double GapWeight = 0.5;


    private readonly BoundaryWeights alike = new();
    private readonly BoundaryWeights all = new();
    private readonly Pace pace = new();
    private int blocks;
    private int firstMessage;
    private double late;

    /// <summary>Probability that the prefix up to and including block <paramref name="b"/> comes again.</summary>
    public double Survival(int b)
    {
        return b < firstMessage || firstMessage == 0
            ? Head(b)
            : Math.Min(1, Head(firstMessage - 1) * all.Survival(b) / Math.Max(1e-6, all.Survival(firstMessage - 1)));
    }

    private double Head(int b) => (alike.Visited[b] + (Shrink * all.Survival(b))) / (alike.Visited[b] + alike.Missed[b] + Shrink);

    /// <summary>The same for the request after that: by then the boundary is further from the end.</summary>
    public double LaterSurvival(int b)
    {
        var by = (int)Math.Round(all.Growth[b] / Math.Max(1e-9, all.Visited[b]));
        return by <= 0 || b < firstMessage ? all.Survival(b) : all.Survival(Math.Max(Math.Max(0, firstMessage - 1), b - by));
    }

    /// <summary>Of those, the shares in time.</summary>
    public GapShares Gaps(int b)
    {
        var shared = GapWeight / Math.Max(1e-9, all.Visited[b]);
        var weight = alike.Visited[b] + GapWeight;
        return new GapShares((alike.Within5m[b] + (all.Within5m[b] * shared)) / weight, (alike.Within1h[b] + (all.Within1h[b] * shared)) / weight);
    }

    /// <summary>Whether the answer differs between block <paramref name="b"/> and the next: how much.</summary>
    public double Drop(int b) => b + 1 >= blocks ? 1 : Math.Abs(all.Visited[b] - all.Visited[b + 1]) + Math.Abs(all.Missed[b] - all.Missed[b + 1]);

    /// <summary>Makes the forecast.</summary>
    public void Make(Prompt prompt, Visit current, IReadOnlyList<Visit> pool, long now)
    {
        blocks = current.Blocks;
        firstMessage = Math.Min(current.FirstMessage, blocks);
        alike.Clear(blocks);
        all.Clear(blocks);
        pace.Count(current.Lineage.Visits, now, current.Lineage.Habit);
        AddPrior(prompt, pace[1]);
        late = Lateness.Of(current.Lineage.Visits, current.Number);
        var (weight, likely) = (1.0, 1.0);
        var own = current.Lineage.Visits;
        for (var i = own.Count - 1; i >= 0; i--)
        {
            Add(prompt, current, own[i], ref weight, ref likely, now);
        }

        (weight, likely) = (PooledWeight, PooledWeight);
        for (var i = pool.Count - 1; i >= 0; i--)
        {
            if (pool[i].Lineage != current.Lineage)
            {
                Add(prompt, current, pool[i], ref weight, ref likely, now);
            }
        }

        alike.Sum();
        all.Sum();
    }

    private void AddPrior(Prompt prompt, in GapShares usual)
    {
        var isAgent = prompt.Blocks[^1].Kind == BlockKind.ToolResult;
        ReadOnlySpan<double> tail = isAgent ? [0.85, 0.05, 0.02] : [0.2, 0.4, 0.2];
        var rest = 1.0;
        for (var e = 0; e < tail.Length; e++)
        {
            AddPrior(Math.Max(firstMessage, blocks - e), tail[e] * PriorWeight, usual);
            rest -= tail[e];
        }

        AddPrior(firstMessage, rest * PriorWeight, usual);
    }

    private void AddPrior(int depth, double weight, in GapShares usual)
    {
        foreach (var into in (ReadOnlySpan<BoundaryWeights>)[alike, all])
        {
            into.Visit(0, depth, weight, weight * usual.Within5m, weight * usual.Within1h, 2);
            into.Miss(depth, blocks, weight);
        }
    }

    private void Add(Prompt prompt, Visit current, Visit past, ref double weight, ref double alikeWeight, long now)
    {
        var shape = past.Shape == current.Shape ? 1 : OtherShape;
        var likeness = shape * Nearness(past.Run, current.Run) * Nearness(past.Seen, current.Seen);
        var (inAll, inAlike) = (weight * shape, alikeWeight * likeness);
        weight *= 1 - ((1 - Fading) * shape);
        alikeWeight *= 1 - ((1 - Fading) * likeness);
        var reached = 0;
        for (var i = 0; i < past.StepCount; i++)
        {
            ref readonly var step = ref past.Step(i);
            var depth = Project(prompt, current, past, step);
            if (depth <= reached)
            {
                continue;
            }

            var shares = past.Lineage == current.Lineage && step.Rank <= Pace.MostRank ? pace[step.Rank] : Happened(step.Gap);
            all.Visit(reached, depth, inAll, inAll * shares.Within5m, inAll * shares.Within1h, step.Growth);
            alike.Visit(reached, depth, inAlike, inAlike * shares.Within5m, inAlike * shares.Within1h, step.Growth);
            reached = depth;
        }

        var later = past.Lineage == current.Lineage ? current.Number - past.Number : past.Lineage.Turns - 1 - past.Number;
        var sure = now - past.At > Lives.OneHour ? 1 : Lateness.Sure(late, later);
        all.Miss(reached, blocks, inAll * sure);
        alike.Miss(reached, blocks, inAlike * sure);
    }

    private static GapShares Happened(long gap) => new(gap <= Lives.FiveMinutes ? 1 : 0, gap <= Lives.OneHour ? 1 : 0);

    /// <summary>1 for equal counts; 1/2 where one is (nearly) double the other.</summary>
    private static double Nearness(int a, int b) => a < b ? (a + 1.0) / (b + 1) : (b + 1.0) / (a + 1);

    private static int Project(Prompt prompt, Visit current, Visit past, in VisitStep step)
    {
        var all = prompt.Blocks;
        if (step.FromEnd)
        {
            return Math.Max(Math.Min(current.FirstMessage, all.Length), all.Length - (past.Blocks - step.Depth));
        }

        if (step.Depth <= all.Length && all[step.Depth - 1].Hash == step.Last)
        {
            return step.Depth;
        }

        for (var distance = 1; distance <= 8; distance++)
        {
            foreach (var at in (ReadOnlySpan<int>)[step.Depth - 1 - distance, step.Depth - 1 + distance])
            {
                if (at >= 0 && at < all.Length && all[at].Hash == step.Last)
                {
                    return at + 1;
                }
            }
        }

        return Math.Min(step.Depth, Math.Min(all.Length, current.FirstMessage));
    }
}
