using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Bounds;

/// <summary>One request after a course: which breakpoints it may carry, and what each choice costs and leaves.</summary>
internal sealed class CourseStep
{
    private readonly Course course;
    private readonly TreeRequest request;
    private readonly IReadOnlyList<TreeRequest> requests;
    private readonly CacheEngineOptions options;
    private readonly int alive;
    private readonly int hit;
    private readonly long restBefore;
    private readonly int[] bySoonest;
    private readonly bool[] isMarked;
    private readonly long[] rest;

    public CourseStep(Course course, TreeRequest request, IReadOnlyList<TreeRequest> requests, CacheEngineOptions options)
    {
        (this.course, this.request, this.requests, this.options) = (course, request, requests, options);
        bySoonest = [.. Enumerable.Range(0, request.Candidates.Length).OrderBy(i => request.CandidateNeededAt[i]).Select(i => request.Candidates[i])];
        isMarked = new bool[request.Nodes.Length];
        rest = new long[request.Nodes.Length];
        var below = 0;
        hit = -1;
        for (; alive < request.Nodes.Length; alive++)
        {
            ref var kept = ref course.Kept[request.Nodes[alive]];
            if (kept.Serial == 0 || kept.Below != below || kept.Expiry < request.At)
            {
                break;
            }

            below = kept.Serial;
            hit = kept.ReadableFrom <= request.At ? alive : hit;
        }

        foreach (var node in request.Nodes)
        {
            restBefore += course.Rest[node];
        }
    }

    /// <summary>Everything that may be chosen: how far is written for an hour, and how far at all; indices along the way, not beyond the hit for neither.</summary>
    public IEnumerable<(int Hour, int Last)> Choices()
    {
        yield return (hit, hit);
        foreach (var last in request.Candidates)
        {
            for (var i = 0; last > hit && i < request.Candidates.Length && request.Candidates[i] <= last; i++)
            {
                if (request.Candidates[i] > hit)
                {
                    yield return (request.Candidates[i], last);
                }
            }

            if (last > hit)
            {
                yield return (hit, last);
            }
        }
    }

    /// <summary>How cheap the whole can become with a choice.</summary>
    public long Rank(int hour, int last)
    {
        Mark(hour, last);
        return course.Rank - restBefore + Cost(hour, last) + RestAfter(hour, last);
    }

    /// <summary>The course with a choice.</summary>
    public Course Take(int hour, int last)
    {
        Mark(hour, last);
        var restAfter = RestAfter(hour, last);
        var cost = Cost(hour, last);
        var (kept, restOfAll) = ((KeptNode[])course.Kept.Clone(), (long[])course.Rest.Clone());
        var below = 0;
        for (var x = 0; x < request.Nodes.Length; x++)
        {
            ref var node = ref kept[request.Nodes[x]];
            restOfAll[request.Nodes[x]] = rest[x];
            if (x <= hit || (x <= last && x < alive))
            {
                node.Use(x > hit && x <= hour, request.At);
            }
            else if (x <= last)
            {
                // One request writes a node once, so its number and the request's tell the writings apart.
                node = new KeptNode { Serial = node.Serial + 1, Below = below, ReadableFrom = DateTimeOffset.MaxValue };
                node.Use(x <= hour, request.At);
            }

            if (x > hit && isMarked[x] && request.At + options.ReadableAfter < node.ReadableFrom)
            {
                node.ReadableFrom = request.At + options.ReadableAfter;
            }

            below = node.Serial;
        }

        return new Course(kept, restOfAll, course.Cost + cost, course.Rank - restBefore + cost + restAfter, course, Breakpoints(hour));
    }

    private long Cost(int hour, int last)
    {
        var (read, hours, written) = (request.TokensTo(hit), request.TokensTo(hour), request.TokensTo(last));
        return new CacheBill(read, hours - read, written - hours, request.Blocks[^1].EndTokens - written).Cost(request.Prices);
    }

    /// <summary>Marks the ends of a choice, what finds the hit, and where requests soon part, as far as there is room.</summary>
    private void Mark(int hour, int last)
    {
        Array.Clear(isMarked);
        var room = BreakpointRules.Most;
        Set(last);
        Set(hour > hit ? hour : -1);
        Set(hit >= 0 && !Finds(last) && !(hour > hit && Finds(hour)) ? hit : -1);
        foreach (var candidate in bySoonest)
        {
            Set(candidate > hit && candidate < last ? candidate : -1);
        }

        void Set(int x)
        {
            if (x >= 0 && room > 0 && !isMarked[x])
            {
                isMarked[x] = true;
                room--;
            }
        }
    }

    private Breakpoint[] Breakpoints(int hour)
    {
        var marks = new List<Breakpoint>(BreakpointRules.Most);
        for (var x = 0; x < isMarked.Length; x++)
        {
            if (isMarked[x])
            {
                marks.Add(new Breakpoint(request.Ends[x], x <= hour && hour > hit ? Ttl.OneHour : Ttl.FiveMinutes));
            }
        }

        return [.. marks];
    }

    private bool Finds(int x) => request.Blocks[request.Ends[x]].Position - request.Blocks[request.Ends[hit]].Position < options.Lookback;

    private long RestAfter(int hour, int last)
    {
        // The last node up to each that can be found later on.
        Span<int> found = request.Nodes.Length <= 512 ? stackalloc int[request.Nodes.Length] : new int[request.Nodes.Length];
        var latest = -1;
        for (var x = 0; x < found.Length; x++)
        {
            var stands = x < alive && course.Kept[request.Nodes[x]].ReadableFrom < DateTimeOffset.MaxValue;
            latest = isMarked[x] || stands ? x : latest;
            found[x] = latest;
        }

        var sum = 0L;
        for (var x = 0; x < found.Length; x++)
        {
            rest[x] = request.TokensOf(x) * (request.Next[x] >= 0 && found[request.SharedTo[x]] >= x ? RestOfKept(x, hour, last) : request.Cold[x]);
            sum += rest[x];
        }

        return sum;
    }

    private long RestOfKept(int x, int hour, int last)
    {
        ref var kept = ref course.Kept[request.Nodes[x]];
        if (x <= last)
        {
            return (x > hit && x <= hour) || (x < alive && kept.IsHour) ? request.Hour[x] : request.Five[x];
        }

        var later = requests[request.Next[x]];
        return x >= alive || kept.Expiry < later.At ? request.Cold[x]
            : Math.Min(request.Cold[x], later.Prices.CacheRead + (kept.IsHour ? later.Hour[x] : later.Five[x]));
    }
}
