namespace Tuppence.Thrift;

/// <summary>Chance that falls the same way for the same seed, on every machine and in every version.</summary>
/// <remarks>SplitMix64: https://doi.org/10.1145/2714064.2660195.</remarks>
internal sealed class Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>From 0 to just below 1.</summary>
    public double Fraction() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Between(int least, int most) => least + (int)(Fraction() * (most - least + 1));

    /// <summary>Whether something happens that does so with this probability.</summary>
    public bool Chance(double probability) => Fraction() < probability;

    /// <summary>One of several.</summary>
    public T Of<T>(IReadOnlyList<T> choices) => choices[Between(0, choices.Count - 1)];

    /// <summary>Positive numbers around a median; <paramref name="spread"/> is the deviation of their logarithm.</summary>
    public double LogNormal(double median, double spread) =>
        median * Math.Exp(spread * Math.Sqrt(-2 * Math.Log(1 - Fraction())) * Math.Cos(2 * Math.PI * Fraction()));

    private ulong Bits()
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
