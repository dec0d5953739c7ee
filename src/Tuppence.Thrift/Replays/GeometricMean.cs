namespace Tuppence.Thrift.Replays;

/// <summary>Geometric means.</summary>
public static class GeometricMean
{
    /// <summary>Of positive numbers; 1 where there are none.</summary>
    public static double Of(IEnumerable<double> numbers)
    {
        var logarithms = numbers.Select(static number => Math.Log(number)).ToArray();
        return logarithms.Length == 0 ? 1 : Math.Exp(logarithms.Average());
    }
}
