namespace Tuppence.Thrift.Planning.Lineages;

/// <summary>For each boundary of a prompt the weight of earlier requests that came back to it, in all and in time, and of those that did not.</summary>
internal sealed class BoundaryWeights
{
    private double[] values = [];
    private int stride;

    /// <summary>Weight of those that came back.</summary>
    public ReadOnlySpan<double> Visited => values.AsSpan(0, stride);

    /// <summary>Of these within five minutes.</summary>
    public ReadOnlySpan<double> Within5m => values.AsSpan(stride, stride);

    /// <summary>Of these within an hour.</summary>
    public ReadOnlySpan<double> Within1h => values.AsSpan(2 * stride, stride);

    /// <summary>Weight of those that did not.</summary>
    public ReadOnlySpan<double> Missed => values.AsSpan(3 * stride, stride);

    /// <summary>Blocks by which prompts grew until then, times weight.</summary>
    public ReadOnlySpan<double> Growth => values.AsSpan(4 * stride, stride);

    /// <summary>Begins anew.</summary>
    public void Clear(int blocks)
    {
        stride = blocks + 1;
        if (values.Length < 5 * stride)
        {
            values = new double[10 * stride];
        }

        values.AsSpan(0, 5 * stride).Clear();
    }

    /// <summary>Notes that the blocks <paramref name="from"/> to <paramref name="to"/> (exclusive) came back.</summary>
    /// <param name="weight">Weight.</param>
    /// <param name="in5m">The part of it that came within five minutes.</param>
    /// <param name="in1h">The part of it that came within an hour.</param>
    /// <param name="growth">Blocks more.</param>
    /// <param name="from">First block.</param>
    /// <param name="to">First block after them.</param>
    public void Visit(int from, int to, double weight, double in5m, double in1h, double growth)
    {
        Spread(0, from, to, weight);
        Spread(1, from, to, in5m);
        Spread(2, from, to, in1h);
        Spread(4, from, to, weight * growth);
    }

    /// <summary>Notes that blocks did not come back.</summary>
    public void Miss(int from, int to, double weight) => Spread(3, from, to, weight);

    /// <summary>Ends the noting: sums up.</summary>
    public void Sum()
    {
        for (var row = 0; row < 5; row++)
        {
            var sums = values.AsSpan(row * stride, stride);
            for (var b = 1; b < sums.Length; b++)
            {
                sums[b] += sums[b - 1];
            }
        }
    }

    /// <summary>Share that came back.</summary>
    public double Survival(int b) => Visited[b] / Math.Max(1e-9, Visited[b] + Missed[b]);

    private void Spread(int row, int from, int to, double weight)
    {
        if (from < to)
        {
            values[(row * stride) + from] += weight;
            values[(row * stride) + to] -= weight;
        }
    }
}
