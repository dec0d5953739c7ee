using System.Runtime.InteropServices;

namespace Tuppence.Thrift.Planning.Choosing;

/// <summary>What it is worth, per token and in multiples of uncached input, that a prefix stays cached after this request.</summary>
/// <param name="For5m">With a life of five minutes.</param>
/// <param name="For1h">With a life of an hour.</param>
/// <remarks>
/// A prefix is asked for again with probability p each time (geometrically), and the request comes within five minutes with a, within an
/// hour with b. With read price r and write prices w5, w1 the cost of all its future, when it is cold, is the least of
/// J0 = 1/(1-p), J5 = (w5 - p a (w5-r))/(1-p), J1 = (w1 - p b (w1-r))/(1-p); when it is cached C5 = (r + p(1-a)J)/(1-pa),
/// C1 = (r + p(1-b)J)/(1-pb). The value is p a (J-C5) or p b (J-C1).
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RenewalValue(double For5m, double For1h)
{
    private const double MostSurvival = 0.985;

    /// <summary>Computes both.</summary>
    /// <param name="next">Probability that the prefix is asked for again at all, 0 to 1.</param>
    /// <param name="p">The same for the time after: a boundary moves away from the end, where prompts change most.</param>
    /// <param name="a">Of those, the share within five minutes.</param>
    /// <param name="b">Of those, the share within an hour.</param>
    /// <param name="prices">Prices.</param>
    public static RenewalValue Of(double next, double p, double a, double b, in RenewalPrices prices)
    {
        p = Math.Clamp(p, 0, MostSurvival);
        var (r, w5, w1) = prices;
        var cold = Math.Min(1 / (1 - p), (w5 - (p * a * (w5 - r))) / (1 - p));
        if (double.IsFinite(w1))
        {
            cold = Math.Min(cold, (w1 - (p * b * (w1 - r))) / (1 - p));
        }

        var cached5 = (r + (p * (1 - a) * cold)) / (1 - (p * a));
        var cached1 = (r + (p * (1 - b) * cold)) / (1 - (p * b));
        return new RenewalValue(next * a * (cold - cached5), next * b * (cold - cached1));
    }
}
