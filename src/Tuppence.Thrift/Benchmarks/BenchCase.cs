using Tuppence.Thrift.Families;
using Tuppence.Thrift.Traces;

namespace Tuppence.Thrift.Benchmarks;

/// <summary>A trace of the cache benchmark.</summary>
/// <param name="Name">The recorded trace's name, or the family's and the seed, such as <c>T8/0</c>.</param>
/// <param name="Family">The family; null for a recorded trace.</param>
/// <param name="Load">Reads it or makes it up.</param>
public sealed record BenchCase(string Name, Family? Family, Func<IReadOnlyList<TraceRequest>> Load)
{
    /// <summary>A family's trace.</summary>
    public static BenchCase Of(Family family, int seed)
    {
        ArgumentNullException.ThrowIfNull(family);
        return new BenchCase(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{family.Id}/{seed}"), family, () => family.Make(seed));
    }

    /// <summary>All families with the seeds from 0 on.</summary>
    /// <param name="seeds">How many seeds.</param>
    public static IReadOnlyList<BenchCase> Families(int seeds) =>
        [.. Family.All.SelectMany(family => Enumerable.Range(0, seeds).Select(seed => Of(family, seed)))];
}
