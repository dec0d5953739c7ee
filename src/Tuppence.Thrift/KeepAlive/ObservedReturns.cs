namespace Tuppence.Thrift.KeepAlive;

/// <summary>Forecasts returns from the pauses seen so far, old ones fading by 2 % with each new one, on top of what is common among chats. Safe for parallel use.</summary>
/// <remarks>
/// Common among chats: 70 % of pauses below five minutes, 22 % up to 45 minutes, 5 % hours, and 3 % are no pauses but the end. It weighs as
/// much as ten pauses. Within a class of pauses all lengths count as equally likely.
/// </remarks>
public sealed class ObservedReturns : IReturnForecast
{
    private const double Kept = 0.98;

    // Upper ends of the classes, in minutes; the last class is those who never came back.
    private static readonly double[] Ends = [0.5, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 240, 480];
    private static readonly double[] Common = [1.6, 1.6, 1.2, 0.8, 0.9, 0.5, 0.4, 0.4, 0.4, 0.4, 0.3, 0.4, 0.3, 0.1, 0.1, 0.1, 0.1, 0.1, 0.3];

    private readonly Lock gate = new();
    private readonly double[] weights = new double[Ends.Length + 1];

    /// <summary>Notes that the next request came.</summary>
    /// <param name="gap">From start to start.</param>
    public void Returned(TimeSpan gap) => Add(ClassOf(gap.TotalMinutes));

    /// <summary>Notes that a conversation ended: nothing came for hours. Without this the forecast would only know those who came back.</summary>
    public void Left() => Add(Ends.Length);

    /// <inheritdoc/>
    public double ChanceWithin(TimeSpan idle, TimeSpan window)
    {
        if (window <= TimeSpan.Zero)
        {
            return 0;
        }

        lock (gate)
        {
            var gone = Below(idle.TotalMinutes);
            var all = Weight(Ends.Length) + Below(double.MaxValue);
            return all <= gone ? 0 : Math.Clamp((Below((idle + window).TotalMinutes) - gone) / (all - gone), 0, 1);
        }
    }

    private void Add(int at)
    {
        lock (gate)
        {
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] *= Kept;
            }

            weights[at]++;
        }
    }

    private double Weight(int at) => weights[at] + Common[at];

    private double Below(double minutes)
    {
        var (sum, start) = (0.0, 0.0);
        for (var i = 0; i < Ends.Length; i++)
        {
            sum += Weight(i) * Math.Clamp((minutes - start) / (Ends[i] - start), 0, 1);
            start = Ends[i];
        }

        return sum;
    }

    private static int ClassOf(double minutes)
    {
        var at = Array.FindIndex(Ends, end => minutes <= end);
        return at < 0 ? Ends.Length - 1 : at;
    }
}
