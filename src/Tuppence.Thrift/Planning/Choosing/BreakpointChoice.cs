using Tuppence.Thrift.Prompts;
using Tuppence.Thrift.Simulation;

namespace Tuppence.Thrift.Planning.Choosing;

/// <summary>Finds the best breakpoints: exactly, by dynamic programming over the candidates.</summary>
/// <remarks>
/// Breakpoints k1 &lt; k2 &lt; ... cut what is written into segments; a segment is worth its tokens times the value at its end, and costs
/// its tokens times the premium of its time to live. Those for an hour come first, as the API demands. Where the first one stands too far
/// behind the entry to be read, one breakpoint goes to that entry, else it would not be found.
/// </remarks>
internal static class BreakpointChoice
{
    /// <summary>Most candidates that are looked at.</summary>
    public const int MostCandidates = 40;

    private const int Stride = BreakpointRules.Most + 1;

    /// <summary>Chooses; nothing where nothing gains.</summary>
    public static Choice Best(ReadOnlySpan<Candidate> candidates, in Limits limits)
    {
        var count = candidates.Length;
        Span<double> gains = stackalloc double[2 * Stride * MostCandidates];
        Span<short> before = stackalloc short[2 * Stride * MostCandidates];
        gains.Fill(double.NegativeInfinity);
        before.Fill(-1);
        var (best, bestGain) = (-1, 0.0);
        for (var k = 0; k < count; k++)
        {
            if (candidates[k].Tokens > limits.MostTokens)
            {
                break;
            }

            for (var ttl = 0; ttl < 2; ttl++)
            {
                if (!(ttl == (int)Ttl.OneHour ? limits.Allows1h : limits.Allows5m))
                {
                    continue;
                }

                Extend(candidates, limits, k, ttl, gains, before);
                for (var m = 1; m < Stride; m++)
                {
                    var at = Index(ttl, m, k);
                    if (gains[at] > bestGain)
                    {
                        (best, bestGain) = (at, gains[at]);
                    }
                }
            }
        }

        return Trace(candidates, limits.Prices, before, best, bestGain);
    }

    private static void Extend(ReadOnlySpan<Candidate> candidates, in Limits limits, int k, int ttl, Span<double> gains, Span<short> before)
    {
        ref readonly var candidate = ref candidates[k];
        var premium = (ttl == (int)Ttl.OneHour ? limits.Prices.Write1h : limits.Prices.Write5m) - 1;
        var value = ttl == (int)Ttl.OneHour ? candidate.Value.For1h : candidate.Value.For5m;
        var first = limits.HitPosition >= 0 && candidate.Position - limits.HitPosition >= limits.Lookback ? 2 : 1;
        gains[Index(ttl, first, k)] = (candidate.Fresh * value) - (candidate.Tokens * premium);
        for (var j = 0; j < k; j++)
        {
            var gain = ((candidate.Fresh - candidates[j].Fresh) * value) - ((candidate.Tokens - candidates[j].Tokens) * premium);
            for (var m = 2; m < Stride; m++)
            {
                var at = Index(ttl, m, k);
                for (var earlier = ttl; earlier < 2; earlier++)
                {
                    var from = Index(earlier, m - 1, j);
                    if (gains[from] + gain > gains[at])
                    {
                        gains[at] = gains[from] + gain;
                        before[at] = (short)from;
                    }
                }
            }
        }
    }

    private static Choice Trace(ReadOnlySpan<Candidate> candidates, in RenewalPrices prices, ReadOnlySpan<short> before, int best, double gain)
    {
        var choice = new Choice { Gain = gain };
        for (var at = best; at >= 0; at = before[at])
        {
            var ttl = (Ttl)(at / (Stride * MostCandidates));
            var k = at % MostCandidates;
            var from = before[at] < 0 ? 0 : candidates[before[at] % MostCandidates].Tokens;
            choice.Premium += (candidates[k].Tokens - from) * ((ttl == Ttl.OneHour ? prices.Write1h : prices.Write5m) - 1);
            choice.AddFirst(new Breakpoint(candidates[k].Block, ttl));
        }

        return choice;
    }

    private static int Index(int ttl, int m, int k) => (((ttl * Stride) + m) * MostCandidates) + k;
}
