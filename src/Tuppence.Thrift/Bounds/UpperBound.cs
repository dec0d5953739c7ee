using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Bounds;

/// <summary>Searches the cheapest breakpoints for requests that are all known beforehand: how near to the lower bound any placement gets.</summary>
/// <remarks>
/// A beam search. Each course keeps what its breakpoints left in the cache; courses are ranked by what they paid and the least that is
/// still to pay with what they keep. What a course that comes first cannot be beaten by is dropped. The result is a placement that the
/// rules allow, so the cheapest of all lies between the lower bound and its cost.
/// </remarks>
internal static class UpperBound
{
    private const int Beam = 64;
    private const int MostTried = 4 * Beam;

    /// <summary>The breakpoints of each request.</summary>
    /// <param name="requests">The requests of one scope, in the order of their starts; none without blocks.</param>
    /// <param name="options">The cache. Entries are taken as chained.</param>
    /// <param name="stop">Ends it early.</param>
    public static IReadOnlyList<Breakpoint[]> Search(IReadOnlyList<TreeRequest> requests, CacheEngineOptions options, CancellationToken stop = default)
    {
        var tree = new RequestTree(requests);
        List<Course> courses = [new Course(new KeptNode[tree.Count], [.. tree.Least], 0, tree.Least.Sum(), null, [])];
        foreach (var request in requests)
        {
            stop.ThrowIfCancellationRequested();
            courses = Advance(courses, request, requests, options);
        }

        var best = new List<Breakpoint[]>();
        for (var course = courses.MinBy(static one => one.Cost); course?.Before is not null; course = course.Before)
        {
            best.Add(course.Breakpoints);
        }

        best.Reverse();
        return best;
    }

    private static List<Course> Advance(List<Course> courses, TreeRequest request, IReadOnlyList<TreeRequest> requests, CacheEngineOptions options)
    {
        var choices = new List<(long Rank, CourseStep Step, int Hour, int Last)>();
        foreach (var course in courses)
        {
            var step = new CourseStep(course, request, requests, options);
            foreach (var (hour, last) in step.Choices())
            {
                choices.Add((step.Rank(hour, last), step, hour, last));
            }
        }

        var kept = new List<Course>(Beam);
        foreach (var (_, step, hour, last) in choices.OrderBy(static choice => choice.Rank).Take(MostTried))
        {
            var next = step.Take(hour, last);
            if (!kept.Exists(better => better.Dominates(next)))
            {
                kept.Add(next);
            }

            if (kept.Count == Beam)
            {
                break;
            }
        }

        return kept;
    }
}
