using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>
/// For each boundary of a prompt: will any later request have the prefix up to it, and how soon? Earlier requests of the lineage
/// answer by what became of them, each laid over the present one.
/// </summary>
/// <remarks>
/// Laid over: a boundary that stood at its place from the start is found by the block before it, one that moves with the end by its distance from it.
/// Weights: 0.93 for each request since; less for requests of another shape, and for those at another point of a run between two changes.
/// Not safe for parallel use; keeps its arrays.
/// </remarks>
internal sealed class SurvivalForecast
{
    private const double Fading = 0.93;
    private const double OtherShape = 0.12;
    private const double OtherRun = 0.5;
    private const double PriorWeight = 1.5;
    private const double PooledWeight = 0.25;
    private const double GapWeight = 2;

    private double[] visited = [];
    private double[] within5m = [];
    private double[] within1h = [];
    private double[] missed = [];
    private int blocks;

    /// <summary>Probability that the prefix up to and including block <paramref name="b"/> comes again.</summary>
    public double Survival(int b) => visited[b] / Math.Max(1e-9, visited[b] + missed[b]);

    /// <summary>Of those, the shares in time, given the shares of the lineage at large.</summary>
    public GapShares Gaps(int b, in GapShares usual)
    {
        var weight = visited[b] + GapWeight;
        return new GapShares((within5m[b] + (usual.Within5m * GapWeight)) / weight, (within1h[b] + (usual.Within1h * GapWeight)) / weight);
    }

    /// <summary>Whether the answer differs between block <paramref name="b"/> and the next: how much.</summary>
    public double Drop(int b) => b + 1 >= blocks ? 1 : Math.Abs(visited[b] - visited[b + 1]) + Math.Abs(within5m[b] - within5m[b + 1]) + Math.Abs(missed[b] - missed[b + 1]);

    /// <summary>Makes the forecast.</summary>
    public void Make(Prompt prompt, Visit current, IReadOnlyList<Visit> pool, long now)
    {
        blocks = current.Blocks;
        Clear();
        AddPrior(prompt, current);
        var own = current.Lineage.Visits;
        var weight = 1.0;
        for (var i = own.Count - 1; i >= 0; i--)
        {
            Add(prompt, current, own[i], weight, now);
            weight *= Fading;
        }

        weight = PooledWeight;
        for (var i = pool.Count - 1; i >= 0; i--)
        {
            if (pool[i].Lineage != current.Lineage)
            {
                Add(prompt, current, pool[i], weight, now);
                weight *= Fading;
            }
        }

        Accumulate();
    }

    private void Clear()
    {
        if (visited.Length < blocks + 1)
        {
            var size = Math.Max(64, (blocks + 1) * 2);
            (visited, within5m, within1h, missed) = (new double[size], new double[size], new double[size], new double[size]);
            return;
        }

        visited.AsSpan(0, blocks + 1).Clear();
        within5m.AsSpan(0, blocks + 1).Clear();
        within1h.AsSpan(0, blocks + 1).Clear();
        missed.AsSpan(0, blocks + 1).Clear();
    }

    private void AddPrior(Prompt prompt, Visit current)
    {
        var isAgent = prompt.Blocks[^1].Kind == BlockKind.ToolResult;
        ReadOnlySpan<double> tail = isAgent ? [0.85, 0.05, 0.02] : [0.2, 0.4, 0.2];
        var rest = 1.0;
        for (var e = 0; e < tail.Length; e++)
        {
            Spread(visited, 0, Math.Max(Math.Min(current.FirstMessage, blocks), blocks - e), tail[e] * PriorWeight);
            Spread(missed, Math.Max(Math.Min(current.FirstMessage, blocks), blocks - e), blocks, tail[e] * PriorWeight);
            rest -= tail[e];
        }

        Spread(visited, 0, current.FirstMessage, rest * PriorWeight);
        Spread(missed, current.FirstMessage, blocks, rest * PriorWeight);
    }

    private void Add(Prompt prompt, Visit current, Visit past, double weight, long now)
    {
        weight *= past.Shape == current.Shape ? 1 : OtherShape;
        weight *= RunBucket(past.Run) == RunBucket(current.Run) ? 1 : OtherRun;
        var reached = 0;
        for (var i = 0; i < past.StepCount; i++)
        {
            ref readonly var step = ref past.Step(i);
            var depth = Project(prompt, current, past, step);
            if (depth <= reached)
            {
                continue;
            }

            Spread(visited, reached, depth, weight);
            if (step.Gap <= Lives.FiveMinutes)
            {
                Spread(within5m, reached, depth, weight);
            }

            if (step.Gap <= Lives.OneHour)
            {
                Spread(within1h, reached, depth, weight);
            }

            reached = depth;
        }

        // What has not come again may still come: the more requests went by without it, the less likely.
        var later = past.Lineage == current.Lineage ? current.Number - past.Number : past.Lineage.Turns - 1 - past.Number;
        var sure = now - past.At > Lives.OneHour ? 1 : 1 - Math.Pow(0.5, Math.Max(0, later));
        Spread(missed, reached, blocks, weight * sure);
    }

    private static int RunBucket(int run) => run < 2 ? run : run < 4 ? 2 : run < 8 ? 3 : 4;

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

    private static void Spread(double[] into, int from, int to, double weight)
    {
        if (from < to)
        {
            into[from] += weight;
            into[to] -= weight;
        }
    }

    private void Accumulate()
    {
        for (var b = 1; b < blocks; b++)
        {
            visited[b] += visited[b - 1];
            within5m[b] += within5m[b - 1];
            within1h[b] += within1h[b - 1];
            missed[b] += missed[b - 1];
        }
    }
}
