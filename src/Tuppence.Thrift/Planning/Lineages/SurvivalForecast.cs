using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>
/// For each boundary of a prompt: will any later request have the prefix up to it, and how soon? Earlier requests of the lineage
/// answer by what became of them, each laid over the present one.
/// </summary>
internal sealed class SurvivalForecast
{
    internal static double T(string n,double d)=>double.TryParse(Environment.GetEnvironmentVariable(n),System.Globalization.CultureInfo.InvariantCulture,out var v)?v:d;
    private static readonly double Fading = T("FADE",0.93);
    private static readonly double OtherShape = T("OSH",0.12);
    private static readonly double OtherRun = T("ORUN",1);
    private static readonly double OtherSeen = T("OSEEN",2);
    private static readonly double PriorWeight = T("PW",0.8);
    private static readonly double PooledWeight = T("POOL",0.25);
    private static readonly double GapWeight = T("GW",0.5);
    private static readonly double LateWeight = T("LW",2);
    private static readonly double LatePrior = T("LP",0.3);
    private static readonly double LateFading = T("LF",0.6);
    private static readonly bool Factor = T("FACT",1)>0;

    private static readonly double Shrink = T("SHR",2);
    private readonly BoundaryWeights alike = new();
    private readonly BoundaryWeights all = new();
    private int blocks;
    private int firstMessage;
    private double late;
    private readonly Pace pace = new();

    /// <summary>Probability that the prefix up to and including block <paramref name="b"/> comes again.</summary>
    public double Survival(int b)
    {
        if (!Factor || b < firstMessage || firstMessage == 0)
        {
            return Head(b);
        }

        // Whether the head stays depends on the state it is in; what happens behind it hardly does.
        return Math.Min(1, Head(firstMessage - 1) * all.Survival(b) / Math.Max(1e-6, all.Survival(firstMessage - 1)));
    }

    private double Head(int b) => (alike.Visited[b] + (Shrink * all.Survival(b))) / (alike.Visited[b] + alike.Missed[b] + Shrink);

    /// <summary>The same for the request after that: by then the boundary is further from the end.</summary>
    public double LaterSurvival(int b)
    {
        var by = (int)Math.Round(all.Growth[b] / Math.Max(1e-9, all.Visited[b]));
        return by <= 0 || b < firstMessage ? all.Survival(b) : all.Survival(Math.Max(Math.Max(0, firstMessage - 1), b - by));
    }

    /// <summary>Of those, the shares in time, given the shares of the lineage at large.</summary>
    public GapShares Gaps(int b, in GapShares usual0)
    {
        var weight = alike.Visited[b] + GapWeight;
        var v = Math.Max(1e-9, all.Visited[b]);
        var usual = new GapShares(all.Within5m[b] / v, all.Within1h[b] / v);
        return new GapShares((alike.Within5m[b] + (usual.Within5m * GapWeight)) / weight, (alike.Within1h[b] + (usual.Within1h * GapWeight)) / weight);
    }

    /// <summary>Whether the answer differs between block <paramref name="b"/> and the next: how much.</summary>
    public double Drop(int b) => b + 1 >= blocks ? 1 : Math.Abs(all.Visited[b] - all.Visited[b + 1]) + Math.Abs(all.Missed[b] - all.Missed[b + 1]);

    /// <summary>Makes the forecast.</summary>
    public void Make(Prompt prompt, Visit current, IReadOnlyList<Visit> pool, in GapShares usual, long now)
    {
        blocks = current.Blocks;
        firstMessage = Math.Min(current.FirstMessage, blocks);
        alike.Clear(blocks);
        all.Clear(blocks);
        pace.Count(current.Lineage.Visits, now, usual, T("PGW2",3));
        AddPrior(prompt, pace[1]);
        late = Lateness(current.Lineage.Visits, current.Number);
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

    private static double Lateness(IReadOnlyList<Visit> visits, long number)
    {
        var (lates, total) = (LatePrior * LateWeight, LateWeight);
        foreach (var visit in visits)
        {
            if (visit.Number + 4 > number || visit.StepCount == 0)
            {
                continue;
            }

            ref readonly var last = ref visit.Step(visit.StepCount - 1);
            if (last.Rank > 1)
            {
                lates++;
                total++;
            }
            else if (last.Depth < visit.Blocks - 1)
            {
                total++;
            }
        }

        return lates / total;
    }

    private void AddPrior(Prompt prompt, in GapShares usual)
    {
        var isAgent = prompt.Blocks[^1].Kind == BlockKind.ToolResult;
        ReadOnlySpan<double> tail = isAgent ? [0.85, 0.05, 0.02] : [T("P0",0.2), T("P1",0.4), T("P2",0.2),0,0,0,T("P6",0)];
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

    private void Add(Prompt prompt, Visit current, Visit past, ref double all0, ref double alike0, long now)
    {
        var shape = past.Shape == current.Shape ? 1 : OtherShape;
        var f = shape * Kernel(past.Run, current.Run, OtherRun) * Kernel(past.Seen, current.Seen, OtherSeen);
        var weight = all0 * shape;
        var likeness = alike0 * f;
        all0 *= 1 - ((1 - Fading) * shape);
        alike0 *= 1 - ((1 - Fading) * f);
        var reached = 0;
        for (var i = 0; i < past.StepCount; i++)
        {
            ref readonly var step = ref past.Step(i);
            var depth = Project(prompt, current, past, step);
            if (depth <= reached)
            {
                continue;
            }

            var (in5m, in1h) = step.Rank is > 0 and <= Pace.MostRank && past.Lineage == current.Lineage
                ? (pace[step.Rank].Within5m, pace[step.Rank].Within1h)
                : (step.Gap <= Lives.FiveMinutes ? 1 : 0, step.Gap <= Lives.OneHour ? 1 : 0);
            all.Visit(reached, depth, weight, weight * in5m, weight * in1h, step.Growth);
            alike.Visit(reached, depth, likeness, likeness * in5m, likeness * in1h, step.Growth);
            reached = depth;
        }

        // What has not come again may still come: the more requests went by without it, the less likely.
        var later = past.Lineage == current.Lineage ? current.Number - past.Number : past.Lineage.Turns - 1 - past.Number;
        var sure = now - past.At > Lives.OneHour ? 1 : later == 0 ? 0 : 1 - (late * Math.Pow(LateFading, later - 1));
        all.Miss(reached, blocks, weight * sure);
        alike.Miss(reached, blocks, likeness * sure);
    }

    private static double Kernel(int a, int b, double steep) => Math.Pow(a < b ? (a + 1.0) / (b + 1) : (b + 1.0) / (a + 1), steep);

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
