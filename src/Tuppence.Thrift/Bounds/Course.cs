using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Bounds;

/// <summary>Breakpoints of all requests so far, what they cost, and what they left in the cache.</summary>
/// <param name="Kept">By node.</param>
/// <param name="Rest">By node the least that it still costs with what is kept.</param>
/// <param name="Cost">What was paid, in nano-dollars.</param>
/// <param name="Rank">That and all of the rest: how cheap the whole can become.</param>
/// <param name="Before">The course one request earlier.</param>
/// <param name="Breakpoints">Those of the latest request.</param>
internal sealed record Course(KeptNode[] Kept, long[] Rest, long Cost, long Rank, Course? Before, Breakpoint[] Breakpoints)
{
    /// <summary>Whether another course cannot end cheaper than this one: what it has and this one lacks is worth no more than it has paid more.</summary>
    public bool Dominates(Course other)
    {
        var lead = other.Cost - Cost;
        for (var i = 0; i < Rest.Length && lead >= 0; i++)
        {
            lead -= Math.Max(0, Rest[i] - other.Rest[i]);
        }

        return lead >= 0;
    }
}
