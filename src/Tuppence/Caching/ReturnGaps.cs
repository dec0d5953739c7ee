using Tuppence.Thrift.KeepAlive;

namespace Tuppence.Caching;

/// <summary>How long users pause between two requests, learned from those that were seen. Safe for parallel use.</summary>
/// <remarks>
/// A distribution over times that double from 15 s on; between them it runs straight in the logarithm. Before anything is
/// known: 72 % within five minutes, 94 % within an hour, as in chats at large; that weighs as much as ten pauses. Old ones fade by 2 % with each new one.
/// </remarks>
internal sealed class ReturnGaps : IReturnForecast
{
    private const double FirstSeconds = 15;
    private const int Steps = 16;
    private const double Faded = 0.98;
    private const double PriorWeight = 10;

    // Share of pauses that are shorter than 15 s, 30 s, 1 min, ... 5.7 days.
    private static readonly double[] Prior = [0.12, 0.26, 0.43, 0.58, 0.69, 0.79, 0.88, 0.93, 0.95, 0.96, 0.965, 0.97, 0.98, 0.99, 0.995, 0.999];

    private readonly double[] seen = new double[Steps + 1];
    private readonly Lock gate = new();

    /// <summary>Notes a pause, from start to start.</summary>
    public void Add(TimeSpan gap)
    {
        var step = (int)Math.Clamp(Math.Ceiling(StepOf(gap)), 0, Steps);
        lock (gate)
        {
            for (var i = 0; i < seen.Length; i++)
            {
                seen[i] *= Faded;
            }

            seen[step]++;
        }
    }

    /// <inheritdoc/>
    public double ChanceWithin(TimeSpan idle, TimeSpan window)
    {
        var (before, after) = (ShorterThan(idle), ShorterThan(idle + window));
        return before >= 1 ? 0 : Math.Clamp((after - before) / (1 - before), 0, 1);
    }

    private static double StepOf(TimeSpan gap) => gap.TotalSeconds <= 0 ? -1 : Math.Log2(gap.TotalSeconds / FirstSeconds);

    private double ShorterThan(TimeSpan gap)
    {
        var step = StepOf(gap);
        var (below, above) = ((int)Math.Floor(step), (int)Math.Floor(step) + 1);
        var share = step - below;
        return ((1 - share) * At(below)) + (share * At(above));
    }

    private double At(int step)
    {
        if (step < 0)
        {
            // Straight down to nothing at a second.
            return Math.Max(0, At(0) * (1 + (step / 4.0)));
        }

        var (all, shorter) = (PriorWeight, PriorWeight * Prior[Math.Min(step, Steps - 1)]);
        lock (gate)
        {
            for (var i = 0; i < seen.Length; i++)
            {
                all += seen[i];
                shorter += i <= step ? seen[i] : 0;
            }
        }

        return shorter / all;
    }
}
