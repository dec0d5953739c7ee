namespace Tuppence.Telemetry.Metrics;

/// <summary>A histogram in microseconds. Not safe for parallel use.</summary>
/// <param name="bounds">Upper bounds, ascending.</param>
internal sealed class Buckets(long[] bounds)
{
    private readonly long[] counts = new long[bounds.Length + 1];

    /// <summary>All values added up.</summary>
    public long Sum { get; private set; }

    /// <summary>How many.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a value.</summary>
    public void Add(long micros)
    {
        var at = Array.BinarySearch(bounds, micros);
        counts[at < 0 ? ~at : at]++;
        Sum += micros;
        Count++;
    }

    /// <summary>Each bound with how many values lie at or below it.</summary>
    public IEnumerable<(long Bound, long Count)> Cumulative()
    {
        var below = 0L;
        for (var i = 0; i < bounds.Length; i++)
        {
            below += counts[i];
            yield return (bounds[i], below);
        }
    }
}
